/** Reviews: reviewed annotation sets, the edits that reviewers make in them, and the log of these edits. */
import { z } from "zod";
import { beatSymbols } from "./class-maps.ts";
import type { FamilyChange, PackedFamilies } from "./beat-families.ts";
import type { LabelChange, PackedChanges, PackedLabels } from "./labels.ts";

/** Kinds of edits. `confirm` marks beats as reviewed without another change; `family` moves beats to another family. */
export const editKinds = ["relabel", "add", "delete", "move", "confirm", "noise", "rhythm", "family"] as const;
export type EditKind = (typeof editKinds)[number];

/** Entries of the log: edits, labels of a network that learned from the reviewed beats, and undos and redos of both. */
export const logKinds = [...editKinds, "learn", "undo", "redo"] as const;
export type LogKind = (typeof logKinds)[number];

/** Symbols that a reviewer can give to beats: WFDB's beats, flutter waves (`!`) and isolated artefacts (`|`). */
export const reviewSymbols: readonly string[] = [...beatSymbols, "!", "|"];

/** Rhythms that a reviewer can mark, by WFDB's codes; `PAUSE` is Ectopy's. */
export const reviewRhythms = ["N", "AFIB", "AFL", "SVTA", "VT", "VFL", "B", "T", "P", "PAUSE"] as const;

export const MAX_REVIEWER_LENGTH = 100;
export const reviewerSchema = z.string().trim().min(1).max(MAX_REVIEWER_LENGTH);

const sample = z.int().min(0);
/** Samples of the beats to edit, at most as many as the heart beats in ten days. */
export const editedBeatsSchema = z.array(sample).min(1).max(1_500_000);
const beats = editedBeatsSchema;
const symbol = z.string().refine((text) => reviewSymbols.includes(text), "this is no symbol of a beat");

/** What an edit of families does, for its text in the log. */
export const familyActions = ["split", "merge", "move"] as const;
export type FamilyAction = (typeof familyActions)[number];

/** An edit as a reviewer asks for it. Beats are named by their samples; a stretch has the samples `from` to `to` − 1. */
export const editSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("relabel"), beats, symbol }),
  z.strictObject({ kind: z.literal("add"), sample, symbol }),
  z.strictObject({ kind: z.literal("delete"), beats }),
  z.strictObject({ kind: z.literal("move"), beat: sample, to: sample }),
  z.strictObject({ kind: z.literal("confirm"), beats }),
  /** `clean`: removes the mark of noise. */
  z.strictObject({ kind: z.literal("noise"), from: sample, to: sample, clean: z.boolean().default(false) }),
  /** An empty code removes the rhythm. */
  z.strictObject({ kind: z.literal("rhythm"), from: sample, to: sample, code: z.string().regex(/^[A-Z0-9]{0,12}$/) }),
  /** `to`: family, named by the sample of its first beat. */
  z.strictObject({ kind: z.literal("family"), action: z.enum(familyActions), beats, to: sample }),
]);
export type Edit = z.infer<typeof editSchema>;

/** One entry of the log of a recording in a reviewed set. */
export interface LogEntry {
  id: number;
  kind: LogKind;
  /** The edit that is undone or redone; null: the entry is an edit. */
  target: number | null;
  reviewer: string;
  /** ISO 8601, UTC. */
  at: string;
  /** New symbol or rhythm, the action of an edit of families, or the number of the run that learned; empty: none. */
  label: string;
  /** Stretch that was marked; null: the edit concerns beats. */
  stretch: { from: number; to: number } | null;
  changes: LabelChange[];
  /** Empty, but for edits of families. */
  families: FamilyChange[];
}

/** One entry of the log in a list: what it changed, without each label. */
export interface EditSummary {
  id: number;
  kind: LogKind;
  target: number | null;
  reviewer: string;
  at: string;
  /** What it did, such as `7 beats N → V`. */
  text: string;
  /** First sample that it changed; null: none. */
  sample: number | null;
  /** Whether the edit is in force: false after it was undone. */
  isApplied: boolean;
}

/** State of the review of one recording, after an edit too. */
export interface ReviewProgress {
  /** Edits in force. */
  edits: number;
  /** Beats that a reviewer has set or confirmed, and all beats. */
  reviewedBeats: number;
  beats: number;
  canUndo: boolean;
  canRedo: boolean;
}

/** Answer to an edit, an undo or a redo, which is stored by then. */
export interface EditAnswer {
  /** Null: the edit would have changed nothing, and was not stored. */
  entry: EditSummary | null;
  changes: PackedChanges;
  /** Families of the beats that changed theirs. */
  families: PackedFamilies;
  progress: ReviewProgress;
}

/** A recording in a reviewed set. */
export interface ReviewedRecord {
  record: string;
  edits: number;
  beats: number;
  reviewedBeats: number;
}

/** A reviewed set. */
export interface ReviewOverview {
  dataset: number;
  name: string;
  /** Annotator that the set was made from. */
  parent: string | null;
  createdAt: string;
  reviewers: { reviewer: string; edits: number; latest: string }[];
  records: ReviewedRecord[];
}

/** Entries of a log in {@link OpenedReview}. */
export const MAX_SHOWN_EDITS = 500;

/** Labels of a recording in a reviewed set, with its log. */
export interface OpenedReview {
  /** In the order of `compareLabels`. */
  labels: PackedLabels;
  /** Families that reviewers gave to beats; the other beats have that of their shape. */
  families: PackedFamilies;
  /** The newest {@link MAX_SHOWN_EDITS} entries, newest first. */
  log: EditSummary[];
  progress: ReviewProgress;
}
