import type { TrainedModel } from "./trained-model.ts";

/** A model that was read from a file. */
export interface ImportedModel {
  model: TrainedModel;
  /** Description in a file that Ectopy wrote (`writeKerasH5`); null in files of other programs. */
  about: unknown;
}

export interface ReadingOptions {
  /** Called for each part of the file that was read. */
  alive?: () => void;
  /** Samples of a beat, for a model that takes any number of them. */
  windowLength?: number | undefined;
}
