/** Which annotation sets give the labels of a preparation's beats, and in which state. */
import { z } from "zod";
import { counted } from "../text/format-number.ts";
import type { Annotation } from "./recordings.ts";

const setName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "a name has letters, digits, _ and -");

/** State of a set that gave the labels of one recording. */
const labelSourceSchema = z.strictObject({
  record: z.string().min(1),
  /** Name of the set. */
  set: setName,
  /** Number of the reviewed set; null: an imported annotator, which never changes. */
  id: z.int().min(1).nullable(),
  /** Last entry of its log that counts; 0: none. */
  edit: z.int().min(0),
  /** SHA-256 over the labels, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LabelSource = z.infer<typeof labelSourceSchema>;

export const labelChoiceSchema = z.strictObject({
  /** Names of imported annotators and reviewed sets: each recording takes the first that it has. */
  sets: z.array(setName).min(1).max(20),
  /** Whether beats of reviewed sets that nobody set or confirmed are left out. */
  reviewedOnly: z.boolean(),
  /** State of the set of each recording; stored preparations have it. */
  sources: z.array(labelSourceSchema).optional(),
});
export type LabelChoice = z.infer<typeof labelChoiceSchema>;

/** Why an annotated beat of a reviewed set is left out. */
export const exclusionReasons = ["unreviewed", "noise"] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

/** Returns how many beats of reviewed sets were left out, by reason. */
export function exclusionTexts(counts: Readonly<Partial<Record<ExclusionReason, number | undefined>>>): string[] {
  const texts: Record<ExclusionReason, string> = {
    unreviewed: "that nobody reviewed",
    noise: "in stretches marked as noise",
  };
  return exclusionReasons.flatMap((reason) => {
    const count = counts[reason] ?? 0;
    return count === 0 ? [] : [`${counted(count, "beat")} ${texts[reason]}`];
  });
}

/** Labels of an annotation set as a preparation reads them. */
export interface GivenLabels {
  /** In order of time. */
  annotations: readonly Annotation[];
  /** Samples of beats that get no class: they still count in RR intervals. */
  excluded: ReadonlyMap<number, ExclusionReason>;
}

/** How a recording's reviewed set has changed since a preparation took its labels. */
export interface LabelsSince {
  record: string;
  set: string;
  /** Edits, undos and redos since then. */
  edits: number;
  /** Whether the set was removed. */
  removed: boolean;
}

/** Returns what has changed since, one sentence; null: nothing. */
export function labelsSinceText(since: readonly LabelsSince[]): string | null {
  const edits = since.reduce((sum, each) => sum + each.edits, 0);
  const removed = [...new Set(since.flatMap((each) => (each.removed ? [each.set] : [])))];
  const changed = since.filter((each) => each.edits > 0);
  const parts = [
    ...(edits === 0
      ? []
      : [
          `${counted(edits, "correction")} since, in ${changed.map(({ record }) => record).join(", ")}: ` +
            "prepare again to use them.",
        ]),
    ...(removed.length === 0 ? [] : [`Removed since: ${removed.join(", ")}.`]),
  ];
  return parts.length === 0 ? null : parts.join(" ");
}
