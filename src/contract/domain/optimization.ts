/**
 * Optimizers, learning-rate schedules, gradient clipping and class weights, by Keras' definitions and with its
 * defaults.
 */
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
    /** Each step reduces a weight by this share, times the learning rate. */
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

/** Learning-rate schedule. */
export const scheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant") }),
  z.strictObject({
    kind: z.literal("exponential"),
    /** Factor of the learning rate in each period. */
    factor: z.number().gt(0).max(1).default(0.9),
    /** Period in epochs; the rate decays smoothly from step to step. */
    everyEpochs: z.number().gt(0).default(1),
  }),
  z.strictObject({
    kind: z.literal("cosine"),
    /** Epochs in which the rate first rises linearly from 0. */
    warmupEpochs: z.number().min(0).default(0),
    /** Final rate, as a share of the initial one. */
    floor: fraction.default(0),
  }),
  /** One cycle (Smith & Topin 2018) with PyTorch's defaults: a cosine up to the learning rate, then one down. */
  z.strictObject({
    kind: z.literal("one-cycle"),
    /** Share of the steps in which the rate rises. */
    rising: z.number().gt(0).lt(1).default(0.3),
    /** Rate of the first step, as a share of the highest one. */
    start: z.number().gt(0).max(1).default(0.04),
    /** Final rate, as a share of the highest one. */
    floor: fraction.default(4e-6),
  }),
  z.strictObject({
    kind: z.literal("plateau"),
    /** Factor of the learning rate at each reduction. */
    factor: z.number().gt(0).lt(1).default(0.1),
    /** Epochs without a validation loss lower by 0.0001 before a reduction. */
    patience: z.int().min(1).default(10),
    /** Lowest learning rate. */
    minimum: z.number().min(0).default(0),
  }),
]);
export type ScheduleSettings = z.infer<typeof scheduleSchema>;
export const scheduleKinds = [
  "constant",
  "exponential",
  "cosine",
  "one-cycle",
  "plateau",
] as const satisfies ScheduleSettings["kind"][];

/** Gradient clipping before the update. */
export const clippingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** Clips each element to ±limit. */
  z.strictObject({ kind: z.literal("value"), limit: z.number().gt(0) }),
  /** Clips the norm of each weight's gradient. */
  z.strictObject({ kind: z.literal("norm"), limit: z.number().gt(0) }),
  /** Clips the norm of all gradients together. */
  z.strictObject({ kind: z.literal("global-norm"), limit: z.number().gt(0) }),
]);
export type ClippingSettings = z.infer<typeof clippingSchema>;
export const clippingKinds = ["none", "value", "norm", "global-norm"] as const satisfies ClippingSettings["kind"][];

/** Training loss; without any of these, cross-entropy. Validation and test report cross-entropy always. */
export const lossSchema = z.strictObject({
  /** Share of each true class that is spread equally over all classes. */
  labelSmoothing: fraction.default(0),
  /** Focal loss (Lin et al. 2017): factor (1 − p)^focus of each class's term; 0: none. */
  focus: z.number().min(0).max(10).default(0),
  /** Logit adjustment (Menon et al. 2021): adds this times the log of each class's share of the training set; 0: none. */
  logitAdjustment: z.number().min(0).max(10).default(0),
});
export type LossSettings = z.infer<typeof lossSchema>;

/**
 * Order of the training beats in an epoch. `balanced`: each batch has the classes equally often; beats of small classes
 * repeat, beats of large ones wait for later epochs.
 */
export const samplings = ["shuffled", "balanced"] as const;

/** Weights in the training loss. Validation and test metrics weight all beats equally. */
export const weightingSchema = z.strictObject({
  /**
   * `equal`: weight 1. `balanced`: equal total weight of each class, n / (classes · beats of the class), as in
   * scikit-learn. Otherwise weights by label; other classes have weight 1.
   */
  classes: z.union([z.enum(["equal", "balanced"]), z.record(z.string(), z.number().gt(0))]).default("equal"),
  /** Weight of a synthetic beat, relative to a real beat of its class. */
  synthetic: z.number().gt(0).max(1).default(1),
});
export type WeightingSettings = z.infer<typeof weightingSchema>;
