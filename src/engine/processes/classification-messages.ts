/** Messages between a classifying process and its parent, parsed where they arrive. */
import { z } from "zod";
import { networkShapeSchema, networkSchema } from "../../contract/domain/networks.ts";
import type { NoveltyReference } from "../../pipeline/evaluation/novelty.ts";
import { errorReportSchema } from "./training-messages.ts";

const count = z.int().min(0);
/** Typed without `z.instanceof`, whose type excludes arrays on a SharedArrayBuffer. */
const float32Array = z.custom<Float32Array>((value) => value instanceof Float32Array, "a Float32Array");

const referenceSchema: z.ZodType<NoveltyReference> = z.object({
  means: float32Array,
  whitening: float32Array,
  threshold: z.custom<number>((value) => typeof value === "number", "a number"),
});

const modelSchema = z.object({
  /** Folder of the run, with its model. */
  folder: z.string(),
  /** The run's network, or those of an ensemble's members. */
  networks: z.array(networkSchema).min(1),
  /** Index of the network that is loaded. */
  member: count,
  shape: networkShapeSchema,
  /** What distances are measured from; null: fitted to the preparation. */
  reference: referenceSchema.nullable(),
  /** Preparation that the run was trained on. */
  preparation: z.object({ folder: z.string(), fingerprint: z.string() }),
});

/** Files of a recording's beats in its folder: raw rows of float32, in order of time. */
export const BEAT_ROWS = "beats.f32";
export const FEATURE_ROWS = "features.f32";

const rowsSchema = z.object({
  /** Folder with {@link BEAT_ROWS} and {@link FEATURE_ROWS}, as far as the models use them. */
  folder: z.string(),
  beats: count,
  /** Values of a beat in each file; 0: it has no such file. */
  widths: z.object({ beats: count, features: count }),
  sequence: z.object({ before: count, after: count }).optional(),
});

export const classificationCommandSchema = z.discriminatedUnion("type", [
  /** Load models; `ready` answers. */
  z.object({ type: z.literal("load"), models: z.array(modelSchema).min(1) }),
  /** Classify a recording by some models, by their numbers; `classified` answers for each. */
  z.object({ type: z.literal("classify"), recording: count, models: z.array(count).min(1), rows: rowsSchema }),
]);
export type ClassificationCommand = z.infer<typeof classificationCommandSchema>;
export type ClassifyingModel = z.infer<typeof modelSchema>;

export const classificationEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ready"),
    /** Reference of each model; null with the reason where it can't be fitted. */
    references: z.array(z.object({ reference: referenceSchema.nullable(), problem: z.string().nullable() })),
    /** Backend that computes, such as `kernels`. */
    backend: z.string(),
  }),
  z.object({ type: z.literal("progress"), recording: count, done: count }),
  z.object({
    type: z.literal("classified"),
    recording: count,
    model: count,
    /** Beats × classes, as the network gives them. */
    probabilities: float32Array,
    distances: float32Array.nullable(),
    /** Peak memory of the process, in bytes. */
    peakMemory: z.number(),
  }),
  z.object({ type: z.literal("failed"), error: errorReportSchema }),
]);
export type ClassificationEvent = z.infer<typeof classificationEventSchema>;
