/** Converts the options of `train` into the settings of a run. */
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import {
  lossSchema,
  optimizerSchema,
  scheduleSchema,
  weightingSchema,
  type ClippingSettings,
  type OptimizerSettings,
  type ScheduleSettings,
} from "../../contract/domain/optimization.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { withoutUndefined } from "../base/without-undefined.ts";
import type {
  BackendName,
  KeptEpoch,
  NetworkChoice,
  Precision,
  TrainingSettings,
} from "../../contract/domain/training.ts";

export interface TrainingOptions {
  /** A preset's name, a file's path, or a saved network's name. */
  model: string;
  epochs?: number;
  batch?: number;
  lr?: number;
  patience?: number;
  keep?: KeptEpoch;
  stepsPerEpoch?: number;
  seed?: number;
  threads?: number;
  precision?: Precision;
  backend?: BackendName;
  optimizer?: OptimizerSettings["kind"];
  momentum?: number;
  weightDecay?: number;
  schedule?: ScheduleSettings["kind"];
  warmup?: number;
  clip?: Exclude<ClippingSettings["kind"], "none">;
  clipLimit?: number;
  balanceClasses?: boolean;
  syntheticWeight?: number;
  balancedBatches?: boolean;
  labelSmoothing?: number;
  focalLoss?: number;
  logitAdjustment?: number;
  checkpointEvery?: number;
}

/** Returns the settings of a run: the given options, else the defaults of the network. @throws EctopyError `usage` */
export function trainingSettings(network: NetworkChoice, options: TrainingOptions): TrainingSettings {
  const { lr, epochs, batch, patience, stepsPerEpoch, seed, threads, precision, backend } = options;
  const open = { threads, precision, backend };
  const chosen = { learningRate: lr, epochs, batch, patience, keptEpoch: options.keep, stepsPerEpoch, seed, ...open };
  return {
    ...defaultTraining(network),
    // As in the window: the app's settings name the threads of trainings that leave them open.
    threads: new PreferenceStore().read().threads,
    ...withoutUndefined(chosen),
    ...chosenKinds(options),
    weighting: weightingSchema.parse({
      ...(options.balanceClasses === true ? { classes: "balanced" } : {}),
      ...withoutUndefined({ synthetic: options.syntheticWeight }),
    }),
    ...lossOf(options),
    ...(options.balancedBatches === true ? { sampling: "balanced" } : {}),
  };
}

/** Returns what the options choose: without any, optimizer, schedule and clipping are those of the network's preset. */
function chosenKinds(options: TrainingOptions): Partial<Pick<TrainingSettings, "optimizer" | "schedule" | "clipping">> {
  const has = (...keys: (keyof TrainingOptions)[]): boolean => keys.some((key) => options[key] !== undefined);
  return {
    ...(has("optimizer", "momentum", "weightDecay") ? { optimizer: optimizerOf(options) } : {}),
    ...(has("schedule", "warmup") ? { schedule: scheduleOf(options) } : {}),
    ...(has("clip", "clipLimit") ? { clipping: clippingOf(options) } : {}),
  };
}

function optimizerOf({ optimizer: kind = "adam", momentum, weightDecay }: TrainingOptions): OptimizerSettings {
  if (momentum !== undefined && kind !== "sgd" && kind !== "rmsprop") {
    throw optionError("--momentum needs --optimizer sgd or rmsprop.");
  }
  if (weightDecay !== undefined && kind !== "adamw") {
    throw optionError("--weight-decay needs --optimizer adamw.");
  }
  return optimizerSchema.parse({ kind, ...withoutUndefined({ momentum, weightDecay }) });
}

function scheduleOf({ schedule: kind = "constant", warmup }: TrainingOptions): ScheduleSettings {
  if (warmup !== undefined && kind !== "cosine") throw optionError("--warmup needs --schedule cosine.");
  return scheduleSchema.parse({ kind, ...withoutUndefined({ warmupEpochs: warmup }) });
}

function clippingOf({ clip, clipLimit }: TrainingOptions): ClippingSettings {
  if (clip === undefined && clipLimit !== undefined) throw optionError("--clip-limit needs --clip.");
  return clip === undefined ? { kind: "none" } : { kind: clip, limit: clipLimit ?? 1 };
}

/** Returns no loss where no option changes it, as in runs of the app's form. */
function lossOf({ labelSmoothing, focalLoss, logitAdjustment }: TrainingOptions): Pick<TrainingSettings, "loss"> {
  const chosen = withoutUndefined({ labelSmoothing, focus: focalLoss, logitAdjustment });
  return Object.keys(chosen).length === 0 ? {} : { loss: lossSchema.parse(chosen) };
}

function optionError(message: string): EctopyError {
  return new EctopyError("usage", message, "`ectopy train --help` lists the options.");
}
