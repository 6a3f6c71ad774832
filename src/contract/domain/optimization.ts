/** How a network's weights are changed by their gradients: Keras' optimizers, schedules and clipping, with its defaults. */
import { z } from "zod";

const fraction = z.number().min(0).lt(1);
const small = z.number().gt(0).max(1);

export const optimizerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("adam"),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: small.default(1e-7),
  }),
  z.strictObject({
    kind: z.literal("adamw"),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: small.default(1e-7),
    /** Each step takes so much of a weight away, times the learning rate. */
    weightDecay: z.number().min(0).max(1).default(0.004),
  }),
  z.strictObject({
    kind: z.literal("sgd"),
    momentum: fraction.default(0),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("rmsprop"),
    rho: fraction.default(0.9),
    momentum: fraction.default(0),
    epsilon: small.default(1e-7),
  }),
]);
export type OptimizerSettings = z.infer<typeof optimizerSchema>;
export const optimizerKinds = ["adam", "adamw", "sgd", "rmsprop"] as const satisfies OptimizerSettings["kind"][];

/** How the learning rate goes on from the one that is set. */
export const scheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant") }),
  z.strictObject({
    kind: z.literal("exponential"),
    /** The rate is multiplied by this… */
    factor: z.number().gt(0).max(1).default(0.9),
    /** …every so many epochs, smoothly from step to step. */
    everyEpochs: z.number().gt(0).default(1),
  }),
  z.strictObject({
    kind: z.literal("cosine"),
    /** Epochs over which the rate rises from 0 first. */
    warmupEpochs: z.number().min(0).default(0),
    /** Where it ends, as a fraction of the rate that is set. */
    floor: fraction.default(0),
  }),
  z.strictObject({
    kind: z.literal("plateau"),
    /** The rate is multiplied by this… */
    factor: z.number().gt(0).lt(1).default(0.1),
    /** …after so many epochs without a validation loss that is better by 0.0001. */
    patience: z.int().min(1).default(10),
    /** Never below. */
    minimum: z.number().min(0).default(0),
  }),
]);
export type ScheduleSettings = z.infer<typeof scheduleSchema>;
export const scheduleKinds = [
  "constant",
  "exponential",
  "cosine",
  "plateau",
] as const satisfies ScheduleSettings["kind"][];

/** Gradients that are too large are cut down before the weights are changed. */
export const clippingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** Each entry, to ±limit. */
  z.strictObject({ kind: z.literal("value"), limit: z.number().gt(0) }),
  /** Each weight's gradient, to this Euclidean length. */
  z.strictObject({ kind: z.literal("norm"), limit: z.number().gt(0) }),
  /** All gradients together, to this Euclidean length. */
  z.strictObject({ kind: z.literal("global-norm"), limit: z.number().gt(0) }),
]);
export type ClippingSettings = z.infer<typeof clippingSchema>;
export const clippingKinds = ["none", "value", "norm", "global-norm"] as const satisfies ClippingSettings["kind"][];

/** What a training beat counts in the loss. Validation and test count every beat alike. */
export const weightingSchema = z.strictObject({
  /**
   * `equal`: each beat 1. `balanced`: each class as much as any other, n / (classes · beats of the class), as scikit-learn has
   * it. Or a weight by label; classes that are not named count 1.
   */
  classes: z.union([z.enum(["equal", "balanced"]), z.record(z.string(), z.number().gt(0))]).default("equal"),
  /** What a synthetic beat counts, against a real one of its class. */
  synthetic: z.number().gt(0).max(1).default(1),
});
export type WeightingSettings = z.infer<typeof weightingSchema>;
