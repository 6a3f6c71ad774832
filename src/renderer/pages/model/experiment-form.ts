/** What is typed for repeats, a search or folds, and the plan that it comes to. */
import type { ExperimentPlan, SettingRange, SettingValues } from "../../../contract/domain/experiments.ts";
import type { ExperimentForm, VariedSetting } from "../../stores/experiment-forms.ts";
import type { VariableSetting } from "./variable-settings.ts";

/** Three learning rates: what most searches begin with. */
export function freshForm(learningRate: VariableSetting, seed: number): ExperimentForm {
  return {
    kind: "repeats",
    name: "",
    times: 5,
    folds: 5,
    runs: 10,
    seed,
    metric: "validation-loss",
    varied: [freshVariation(learningRate)],
  };
}

/** As it is now, with a lower and a higher value. */
export function freshVariation(setting: VariableSetting): VariedSetting {
  const { place } = setting;
  if (setting.kind === "choice") {
    const chosen = setting.options.map(({ value }) => value).slice(0, 3);
    return { place, typed: "", chosen, as: "values", from: 0, to: 1, log: false };
  }
  const { current, least, most, log, whole } = setting;
  const factor = log ? 10 : 2;
  const rounded = (value: number): number =>
    Math.min(most, Math.max(least, whole ? Math.round(value) : Number(value.toPrecision(3))));
  const above = current * factor <= most ? current * factor : (current + most) / 2;
  const values = [rounded(current / factor), current, rounded(above)];
  const [from, to] = [Math.min(...values), Math.max(...values)];
  return {
    place,
    typed: [...new Set(values)].join(", "),
    chosen: [],
    as: "range",
    from,
    to: to > from ? to : rounded(least + 1),
    log: log && from > 0,
  };
}

export interface PlanOfForm {
  /** Null where something is wrong or missing. */
  plan: ExperimentPlan | null;
  /** By the place of the varied setting in the form. */
  problems: ReadonlyMap<number, string>;
}

export function planOf(form: ExperimentForm, known: readonly VariableSetting[]): PlanOfForm {
  const problems = new Map<number, string>();
  const { kind } = form;
  if (kind === "repeats") return { plan: { kind, times: form.times }, problems };
  if (kind === "cross-validation") return { plan: { kind, folds: form.folds }, problems };
  const settings = form.varied.flatMap((varied, i): (SettingValues | SettingRange)[] => {
    const setting = known.find(({ place }) => place === varied.place);
    const twice = form.varied.findIndex(({ place }) => place === varied.place) < i;
    const read = twice ? "It is varied above already." : readVariation(varied, setting, kind === "random");
    if (typeof read !== "string") return [read];
    problems.set(i, read);
    return [];
  });
  if (problems.size > 0 || settings.length === 0) return { plan: null, problems };
  return {
    plan:
      kind === "grid"
        ? { kind, settings: settings as SettingValues[] }
        : { kind, settings, runs: form.runs, seed: form.seed },
    problems,
  };
}

/** @returns what is wrong, in a sentence, where it can't be */
function readVariation(
  varied: VariedSetting,
  setting: VariableSetting | undefined,
  ranges: boolean,
): SettingValues | SettingRange | string {
  if (setting === undefined) return "The network or its training has no such setting any more: choose another.";
  const { place } = setting;
  if (setting.kind === "choice") {
    const values = setting.options.map(({ value }) => value).filter((value) => varied.chosen.includes(value));
    return values.length === 0 ? "Choose one at least." : { setting: place, values };
  }
  const { least, most, whole } = setting;
  const wrong = (value: number): boolean => value < least || value > most || (whole && !Number.isInteger(value));
  const limits = `${whole ? "whole numbers " : ""}from ${least} to ${most.toLocaleString("en-US")}`;
  if (ranges && varied.as === "range") {
    const { from, to, log } = varied;
    if (wrong(from) || wrong(to)) return `It can be ${limits}.`;
    if (from >= to) return "It must end above where it begins.";
    if (log && from <= 0) return "By ratio, it must begin above 0.";
    return { setting: place, from, to, scale: log ? "log" : "linear", whole };
  }
  const words = varied.typed.split(/[\s,;]+/).filter((word) => word !== "");
  const values = [...new Set(words.map(Number))];
  const unclear = words.find((word) => !Number.isFinite(Number(word)));
  if (words.length === 0) return "Give one value at least.";
  if (unclear !== undefined) return `“${unclear}” is not a number.`;
  const outside = values.find(wrong);
  return outside === undefined ? { setting: place, values } : `${outside} can't be: it takes ${limits}.`;
}
