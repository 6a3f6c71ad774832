/** Results of a search by the settings that it varied. */
import type { SearchResults } from "../../../contract/domain/experiments.ts";
import { explainedShare, groupMeans, groupValues } from "../../../pipeline/evaluation/setting-importance.ts";
import type { MemberRun } from "../../store/experiments.ts";
import { withoutFold } from "./plan-runs.ts";

/**
 * Returns the completed runs by setting, with means and importance.
 * @param settings paths of the varied settings, in the order of the plan
 * @param metric of the validation set, never of the test set: the best run is selected by it
 * @returns null with fewer than two completed runs
 */
export function searchResults(
  members: readonly MemberRun[],
  settings: readonly string[],
  metric: "validationLoss" | "validationAccuracy" | "validationMacroF1",
): SearchResults | null {
  const runs = members.flatMap(({ run, label, status, [metric]: value }) => {
    const chosen = valuesInLabel(withoutFold(label), settings);
    return status === "completed" && value !== null && chosen !== null ? [{ run, value, chosen }] : [];
  });
  if (runs.length < 2) return null;
  const values = runs.map(({ value }) => value);
  return {
    runs: runs.map(({ run }) => run),
    values,
    settings: settings.map((setting, number) => {
      const groups = groupValues(runs.map(({ chosen }) => chosen[number]));
      const means = groupMeans(values, groups);
      return {
        setting,
        groups: groups.labels.map((label, i) => ({
          label,
          runs: groups.group.filter((each) => each === i).length,
          mean: means[i],
        })),
        group: groups.group,
        importance: explainedShare(values, groups),
      };
    }),
  };
}

/**
 * Reads the values from a run's label, which plan-runs.ts writes: `learningRate 0.01, batch 64`.
 * @returns null where the label has other settings
 */
export function valuesInLabel(label: string, settings: readonly string[]): string[] | null {
  let rest = `, ${label}`;
  const values: string[] = [];
  for (const [i, setting] of settings.entries()) {
    const start = `, ${setting} `;
    if (!rest.startsWith(start)) return null;
    rest = rest.slice(start.length);
    const end = i + 1 < settings.length ? rest.indexOf(`, ${settings[i + 1]} `) : rest.length;
    if (end < 0) return null;
    values.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return values;
}
