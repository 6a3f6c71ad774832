/** Labels of annotation sets for preparations: which set each recording takes, in which state, and what it was since. */
import { createHash } from "node:crypto";
import type { AnnotationSet } from "../../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../../contract/domain/class-maps.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import type { GivenLabels, LabelChoice, LabelSource, LabelsSince } from "../../../contract/domain/label-choice.ts";
import type { Label } from "../../../contract/domain/labels.ts";
import { counted } from "../../../contract/text/format-number.ts";
import { givenLabels, isReviewed } from "../../../pipeline/beats/given-labels.ts";
import { toColumns } from "../../../pipeline/recordings/annotation-columns.ts";
import { labelsOfColumns } from "../../../pipeline/review/label-columns.ts";
import { readStoredAnnotations } from "../../workers/stored-annotations.ts";
import type { Workspace } from "../../store/workspace.ts";

type Placed = Pick<DatasetRecord, "name" | "length">;

/**
 * Returns the choice with the state of each recording's set, as it is now.
 * @param choice whose sources, where it has any, are kept
 * @throws EctopyError `invalid-settings`: a set has the labels of a network; `not-found`: there is no such set
 */
export function resolveLabels(
  workspace: Workspace,
  dataset: number,
  records: readonly Placed[],
  choice: LabelChoice,
): LabelChoice {
  if (choice.sources !== undefined) return choice;
  const sets = choice.sets.map((name) => ({ name, set: trustedSet(workspace, dataset, name) }));
  const sources = records.flatMap((record): LabelSource[] => {
    for (const { name, set } of sets) {
      const labels = readLabels(workspace, dataset, record, { set: name, id: set?.id ?? null });
      if (labels === null) continue;
      const edit = set === null ? 0 : lastEdit(workspace, set.id, record.name);
      return [{ record: record.name, set: name, id: set?.id ?? null, edit, sha256: hashOf(labels) }];
    }
    return [];
  });
  const unknown = sets.find(({ name, set }) => set === null && !isImported(workspace, dataset, name));
  if (unknown !== undefined) {
    throw new EctopyError(
      "not-found",
      `Dataset ${dataset} has no annotation set ${unknown.name}.`,
      `\`ectopy sets ${dataset}\` lists its annotation sets.`,
    );
  }
  return { ...choice, sources };
}

/**
 * Returns the labels of each recording in the stored state.
 * @throws EctopyError `not-found`: a set was removed; `damaged-file`: its labels are not those of that state
 */
export function labelsOfSources(
  workspace: Workspace,
  dataset: number,
  records: readonly Placed[],
  { sources = [], reviewedOnly }: LabelChoice,
): Map<string, GivenLabels> {
  const byName = new Map(records.map((record) => [record.name, record]));
  return new Map(
    sources.flatMap((source): [string, GivenLabels][] => {
      const record = byName.get(source.record);
      if (record === undefined) return [];
      const labels = sourceLabels(workspace, dataset, record, source);
      return [[source.record, givenLabels(labels, { reviewedOnly: reviewedOnly && source.id !== null })]];
    }),
  );
}

/** Returns the labels of a recording in a stored state. @throws EctopyError as {@link labelsOfSources} */
export function sourceLabels(workspace: Workspace, dataset: number, record: Placed, source: LabelSource): Label[] {
  const labels = readLabels(workspace, dataset, record, source);
  if (labels === null) {
    throw new EctopyError(
      "not-found",
      `Annotation set ${source.set}, which gave the labels of recording ${record.name}, was removed.`,
      "Restore it from the bin, or prepare with another annotation set.",
    );
  }
  if (hashOf(labels) === source.sha256) return labels;
  throw new EctopyError(
    "damaged-file",
    `The labels of recording ${record.name} in annotation set ${source.set} are not those that were used.`,
    "Prepare again with its present labels.",
  );
}

/** Returns what has changed since a preparation took its labels; nothing: an empty list. */
export function labelsSince(workspace: Workspace, { sources = [] }: LabelChoice): LabelsSince[] {
  return sources.flatMap(({ record, set, id, edit }): LabelsSince[] => {
    if (id === null) return [];
    const removed = workspace.annotationSets.get(id) === undefined || workspace.removed.has("annotationSets", id);
    const edits = workspace.reviewLog.entriesAfter(id, record, edit);
    return edits > 0 || removed ? [{ record, set, edits, removed }] : [];
  });
}

/** Returns where the labels come from, one sentence each: they are limitations of all metrics. */
export function labelCaveats(
  workspace: Workspace,
  dataset: number,
  records: readonly Placed[],
  choice: LabelChoice,
): string[] {
  const { sources = [], reviewedOnly } = choice;
  const bySet = Map.groupBy(sources, ({ set }) => set);
  const parts = [...bySet].map(([name, of]) => {
    const [{ id }] = of;
    return `${name} (${id === null ? "imported" : reviewers(workspace, id, of)}) in ${counted(of.length, "recording")}`;
  });
  const byName = new Map(records.map((record) => [record.name, record]));
  const unreviewed = sources.reduce((sum, source) => {
    const set = source.id === null ? undefined : workspace.annotationSets.get(source.id);
    const record = byName.get(source.record);
    if (reviewedOnly || set === undefined || set.runs.length === 0 || record === undefined) return sum;
    const labels = sourceLabels(workspace, dataset, record, source);
    return sum + labels.filter((label) => isHeartbeat(label.symbol) && !isReviewed(label)).length;
  }, 0);
  return [
    `Labels: annotation ${bySet.size === 1 ? "set" : "sets"} ${parts.join(", ")}.`,
    ...(unreviewed === 0
      ? []
      : [
          `${counted(unreviewed, "beat")} have the label of a network that nobody reviewed: metrics on them show agreement with ` +
            "that network, not with the truth.",
        ]),
  ];
}

function reviewers(workspace: Workspace, id: number, sources: readonly LabelSource[]): string {
  const names = new Set<string>();
  let edits = 0;
  for (const { record, edit } of sources) {
    for (const entry of workspace.reviewLog.entries(id, record)) {
      if (entry.id > edit) continue;
      names.add(entry.reviewer);
      edits++;
    }
  }
  return names.size === 0
    ? "reviewed, without an edit"
    : `reviewed by ${[...names].join(", ")}, ${counted(edits, "edit")}`;
}

/** @returns null: an imported annotator, or none @throws EctopyError `invalid-settings` */
function trustedSet(workspace: Workspace, dataset: number, name: string): AnnotationSet | null {
  const set = workspace.annotationSets.find(dataset, name);
  if (set === undefined || set.origin === "reviewed") return set ?? null;
  throw new EctopyError(
    "invalid-settings",
    set.origin === "detected"
      ? `Annotation set ${name} has detected R-peaks: its beats have no class.`
      : `Annotation set ${name} has the labels of run ${set.runs.join(", ")}, not the truth.`,
    "Review it, and choose the reviewed set.",
  );
}

function isImported(workspace: Workspace, dataset: number, name: string): boolean {
  return workspace.datasets
    .records(dataset)
    .some(
      ({ annotators, details }) =>
        (details?.annotator ?? "atr") === name || annotators.some(({ annotator }) => annotator === name),
    );
}

function readLabels(
  workspace: Workspace,
  dataset: number,
  { name, length }: Placed,
  { set, id, edit }: Pick<LabelSource, "set" | "id"> & { edit?: number },
): Label[] | null {
  if (id !== null) return workspace.annotationSets.labelsAt(id, name, edit);
  try {
    const folder = workspace.path("datasets", dataset);
    const annotations = readStoredAnnotations({ folder, name, annotator: set, length });
    return annotations && labelsOfColumns(toColumns(annotations));
  } catch (error) {
    throw damageOf({ kind: "datasets", id: dataset }, error);
  }
}

function lastEdit(workspace: Workspace, set: number, record: string): number {
  return workspace.reviewLog.entries(set, record).at(-1)?.id ?? 0;
}

function hashOf(labels: readonly Label[]): string {
  const rows = labels.map(({ sample, symbol, subtype, text, flags }) => [sample, symbol, subtype, text, flags]);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
