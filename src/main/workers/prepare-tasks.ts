/** The tasks that worker threads share out when recordings are imported and beats prepared. */
import type { ClassMap } from "../../contract/domain/class-maps.ts";
import type { RecordHealth, Signal } from "../../contract/domain/recordings.ts";
import type { BeatWindow, SelectedBeats } from "../../pipeline/beats/windows.ts";
import type { NeighbourPlan } from "../../pipeline/beats/neighbour-plan.ts";
import type { StoredFile } from "../store/manifest.ts";
import type { BeatsToDenoise } from "./denoise-beats.ts";

export interface RecordOrder {
  folder: string;
  name: string;
  /** The dataset's folder. */
  destination: string;
  /** A folder in it that this record alone uses until it is verified: it does not exist before, nor after. */
  staging: string;
  /** Leaves free text out (`withoutPersonalText`). */
  withoutComments: boolean;
}

export interface RecordStored {
  health: RecordHealth;
  /** None where the record is damaged. */
  files: StoredFile[];
}

export interface ReadBeats {
  beats: SelectedBeats;
  /** Samples lie in shared memory, for {@link PrepareTasks.denoiseBeats}. */
  signal: Signal;
  /** Sampling rate, in Hz. */
  rate: number;
}

// A type, not an interface: only a type's properties are known to fit a record of tasks.
export type PrepareTasks = {
  /** Makes one of the sample recordings of a seed. */
  makeSampleRecord: {
    input: { seed: number; number: number; folder: string };
    output: void;
  };
  /** Copies a record's files, verifies the copy, and keeps it if the record is sound. */
  importRecord: { input: RecordOrder; output: RecordStored };
  /** Reads one signal of a record and chooses its beats. */
  readBeats: {
    input: { folder: string; name: string; signal: number; classMap: ClassMap; window: BeatWindow };
    output: ReadBeats;
  };
  /** Cuts, denoises and normalises beats of one signal into rows of a shared array. */
  denoiseBeats: {
    /** Values lie in shared memory. */
    input: BeatsToDenoise;
    output: void;
  };
  planNeighbours: {
    input: { values: Float32Array; length: number; members: Uint32Array };
    output: NeighbourPlan;
  };
  findNeighbours: {
    input: { plan: NeighbourPlan; from: number; to: number; k: number };
    output: Int32Array;
  };
};
