/** Tasks of the worker thread that reads recordings for the viewer. */
import type { SetColumns } from "../../contract/domain/annotation-sets.ts";
import type {
  AnnotationColumns,
  BeatPreview,
  DenoisedStretch,
  Envelope,
  SignalStretch,
  TableBeats,
  TableQuery,
} from "../../contract/domain/viewing.ts";
import type { RecordingStatistics, ReportSettings } from "../../contract/domain/recording-report.ts";
import type { StripDrawing } from "../../contract/domain/strip-drawing.ts";
import type { BeatShapes, PackedFamilies } from "../../contract/domain/beat-families.ts";
import type { RhythmSummary } from "../../contract/domain/rhythm.ts";
import type { BeatTableFacts } from "../../contract/domain/recordings.ts";
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import type { DenoisingSettings } from "../../pipeline/signal/denoise.ts";

/** A stored record. */
export interface RecordLocation {
  folder: string;
  name: string;
  /** Suffix of its annotation file; by default `atr`. */
  annotator?: string | undefined;
  /** Present for a table of beats. */
  table?: BeatTableFacts | undefined;
}

/** A record, and a range of its samples; without `from` and `to`, the whole record. */
export interface StretchInput extends RecordLocation {
  from?: number | undefined;
  to?: number | undefined;
}

/** Annotations of another set than the recording's. */
export interface ChosenSet {
  /** Annotations of a stored set. */
  columns?: SetColumns | undefined;
  /** An imported annotator, and the number of samples of the recording. */
  imported?: { annotator: string; length: number } | undefined;
}

/** What the statistics of a recording need beside its annotations: its samples are not read. */
export interface StatisticsTask extends RecordLocation, ChosenSet {
  rate: number;
  length: number;
  leadCount: number;
  startsAt: string | null;
  settings: ReportSettings;
}

export interface SetStatistics {
  statistics: RecordingStatistics;
  /** Heartbeats that the set marks as unsure, and as unlike the training beats; null: it has no marks. */
  unsure: number | null;
  unlike: number | null;
}

/** Beats to group by shape, ascending. */
export interface ShapesInput {
  /** Name of the review, by which its families stay in memory. */
  review: string;
  /** Beats that found the families. */
  founders: Int32Array;
  beats: Int32Array;
  /** Families that reviewers gave to beats. */
  given: PackedFamilies;
}

/** Samples of what a strip shows. */
export interface StripPlace {
  from: number;
  to: number;
}

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type ViewingTasks = {
  signal: { input: StretchInput; output: SignalStretch };
  envelope: {
    input: StretchInput & { columns: number; denoising?: DenoisingSettings | undefined };
    output: Envelope;
  };
  denoised: { input: StretchInput & { lead: number; settings: DenoisingSettings }; output: DenoisedStretch };
  rhythm: { input: RecordLocation & ChosenSet; output: RhythmSummary };
  disagreements: { input: RecordLocation & { one: ChosenSet; other: ChosenSet; labels: boolean }; output: Uint32Array };
  annotations: { input: StretchInput & ChosenSet; output: AnnotationColumns };
  statistics: { input: StatisticsTask; output: SetStatistics };
  strips: { input: RecordLocation & ChosenSet & { places: readonly StripPlace[] }; output: StripDrawing[] };
  shapes: { input: RecordLocation & ShapesInput; output: BeatShapes };
  split: { input: RecordLocation & { beats: Int32Array }; output: Int32Array };
  previewBeat: {
    input: RecordLocation & {
      settings: PreparationSettings;
      /** Labels of the chosen annotation sets; undefined: the recording's annotations. */
      given: GivenLabels | undefined;
      beat: number;
      label?: string | undefined;
      synthetic?: number | undefined;
    };
    output: BeatPreview;
  };
  tableBeats: { input: RecordLocation & Omit<TableQuery, "dataset" | "record">; output: TableBeats };
};
