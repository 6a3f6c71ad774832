/** Tasks of the worker threads of an import or a preparation. */
import type { FolderGroups } from "../../pipeline/recordings/finding/group-folder.ts";
import type { DatasetRecord, RecordIdentity } from "../../contract/domain/dataset-records.ts";
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import type { Annotation, FindingCode, Signal, TableSet } from "../../contract/domain/recordings.ts";
import type { SelectedBeats } from "../../pipeline/beats/windows.ts";
import type { NeighbourPlan } from "../../pipeline/beats/neighbour-plan.ts";
import type { StoredFile } from "../store/manifest.ts";
import type { BeatsToDenoise } from "./denoise-beats.ts";
import type { Heartbeats } from "../../pipeline/recipe/source-beats.ts";
import type { BeatInputs, RecipeSelection, SyntheticInputs } from "./recipe-inputs.ts";
import type { AnnotationsToExport } from "./export-annotations.ts";
import type { RowsInput, RowsWritten } from "./classification-rows.ts";
import type { DetectInput } from "./detect-peaks.ts";
import type { InspectInput, RecordInspected } from "./inspect-recording.ts";
import type { FolderPlace } from "./open-folder.ts";
import type { RecordingPlace } from "./open-recording.ts";
import type { RowsToPrepare } from "./prepare-tables.ts";
import type { SourceFolder } from "./source-folder.ts";
import type { WorkerPool } from "./worker-pool.ts";

export interface RecordInput {
  folder: SourceFolder;
  name: string;
  /** Name in the dataset (`safeRecordName`); by default {@link name}, if it is safe. */
  storedName?: string | undefined;
  /** Suffixes of the annotation files to store, the recording's first; by default `atr`. */
  annotators?: readonly string[] | undefined;
  /** Names of the leads to store; by default all. */
  leads?: readonly string[] | undefined;
  /** The dataset's folder. */
  destination: string;
  /** A folder in it that only this record uses until it is verified: it does not exist before and after. */
  staging: string;
  /** Excludes free text (`withoutPersonalText`). */
  withoutComments: boolean;
}

/** Choices for a table of beats. */
export interface TableChoice {
  set: TableSet;
  /** Names of classes by their texts in the file; by default the guess. */
  classNames?: Readonly<Record<string, string>> | undefined;
  /** Sampling rate in Hz; 0: unknown; by default the guess. */
  rate?: number | undefined;
}

/** A recording that was found in a folder. */
export interface FoundInput extends Pick<RecordInput, "leads" | "destination" | "staging" | "withoutComments"> {
  folder: FolderPlace;
  recording: RecordingPlace;
  /** Name in the dataset. */
  storedName: string;
  /** Annotator whose annotations are the recording's; undefined: `atr`, else the first. */
  annotator?: string | undefined;
  /** For a table of beats. */
  table?: TableChoice | undefined;
}

export interface RecordStored extends RecordInspected {
  /** Empty if the record is damaged. */
  files: StoredFile[];
}

export interface ReadBeats {
  beats: SelectedBeats;
  /** Names of the leads that the recording gives: one, or as many as the input recipe has. */
  leads: string[];
  /** The lead at the rate of the preparation; null with an input recipe. Its samples are in shared memory. */
  signal: Signal | null;
  /** What the input recipe reads; null without one. */
  recipe: RecipeBeats | null;
  /** Sampling rate of the lead before it was resampled, in Hz. */
  rate: number;
  /** What is odd about the lead. */
  oddities: LeadOddity[];
}

/** A recording with its beats. */
export type ReadRecord = RecordIdentity & ReadBeats;

/** What the input recipe reads of a recording. */
export interface RecipeBeats {
  /** Annotated heartbeats: synthetic recordings are planned by them. */
  source: Heartbeats;
  /** Annotation symbol of each selected beat. */
  symbols: string[];
  /** Inputs of the selected beats; null where beats are counted alone. */
  inputs: BeatInputs | null;
}

/** A finding on the lead that a recording gives. */
export interface LeadOddity {
  code: FindingCode;
  message: string;
}

/** Settings that choose the beats of a recording. */
export type BeatSelection = Pick<
  PreparationSettings,
  "signal" | "leads" | "classMap" | "before" | "after" | "beforeMs" | "afterMs" | "rate" | "recipe"
>;

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type BeatTasks = {
  /** Generates one of the sample recordings of a seed. */
  makeSampleRecord: {
    input: { seed: number; number: number; folder: string };
    output: void;
  };
  /** Groups the files of one folder by recording. */
  groupFolder: { input: { folder: FolderPlace; files: readonly string[] }; output: FolderGroups };
  /** Examines a recording; nothing is stored. */
  inspectRecording: { input: InspectInput; output: RecordInspected };
  /** Copies a recording, verifies the copy, and keeps it if the recording is readable. */
  importRecord: { input: FoundInput; output: RecordStored };
  /** Examines a stored recording, as an import does. */
  examineStored: {
    input: { folder: string; name: string; annotator: string };
    output: Pick<DatasetRecord, "hashes" | "findings">;
  };
  /** Reads one lead of a record at the rate of the preparation, and selects its beats. */
  readBeats: {
    input: {
      folder: string;
      name: string;
      /** Suffix of the annotation file; by default `atr`. */
      annotator?: string | undefined;
      /** Labels of an annotation set; absent: those of the file. */
      given?: GivenLabels | undefined;
      settings: BeatSelection;
      /** Whether to examine the lead for oddities. */
      examined: boolean;
      /** Whether beats are counted alone: the input recipe is not computed. */
      counted: boolean;
    };
    /** Null: the recording has none of the leads, or fewer than the input recipe needs. */
    output: ReadBeats | null;
  };
  /** Makes the synthetic recordings of a recording, and computes their inputs. */
  makeSynthetic: {
    input: {
      folder: string;
      name: string;
      annotator?: string | undefined;
      given?: GivenLabels | undefined;
      settings: RecipeSelection;
      seed: number;
    };
    output: SyntheticInputs[];
  };
  /** Cuts, filters and normalises beats of one signal into rows of a shared array. */
  denoiseBeats: {
    /** Its values are in shared memory. */
    input: BeatsToDenoise;
    output: void;
  };
  /** Detects the R-peaks of a stored recording. */
  exportAnnotations: { input: AnnotationsToExport; output: string };
  detectPeaks: { input: DetectInput; output: Annotation[] };
  /** Writes the beats of a stored recording as rows for a classifying process; null: it lacks the leads. */
  classificationRows: { input: RowsInput; output: RowsWritten | null };
  /** Filters and normalises rows of a table into rows of a shared array. */
  prepareRows: { input: RowsToPrepare; output: void };
  planNeighbours: {
    input: { values: Float32Array; length: number; members: Uint32Array };
    output: NeighbourPlan;
  };
  findNeighbours: {
    input: { plan: NeighbourPlan; from: number; to: number; k: number };
    output: Int32Array;
  };
};

/** Worker threads of an import or a preparation. */
export type BeatPool = WorkerPool<BeatTasks>;
