/** What a manifest says of its folder: the rows that the database holds of it, enough to register it again. */
import { z } from "zod";
import { errorCodes, type ErrorReport } from "../../contract/domain/errors.ts";
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import { experimentPlanSchema, winnerMetrics } from "../../contract/domain/experiments.ts";
import {
  setNames,
  preparationSettingsSchema,
  type PreparationSummary,
  type Preparation,
} from "../../contract/domain/preparation.ts";
import type { Finding, RecordHealth } from "../../contract/domain/recordings.ts";
import type { RunLogEntry, RunRemarks } from "../../contract/domain/runs.ts";
import {
  runStatuses,
  trainingSettingsSchema,
  type DeviceInfo,
  type EpochMetrics,
  type RunRecord,
  type TrainingResult,
} from "../../contract/domain/training.ts";

const fingerprint = z.string().length(64);
const count = z.int().min(0);
/** JSON knows no infinity, which a loss may be. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? Infinity);

const findingSchema: z.ZodType<Finding> = z.object({
  severity: z.enum(["damaged", "warning", "note"]),
  message: z.string(),
  fix: z.string(),
});

const recordSchema: z.ZodType<RecordHealth> = z.object({
  name: z.string(),
  usable: z.boolean(),
  rate: z.number().min(0),
  length: count,
  leads: z.array(z.string()),
  beats: z.record(z.string(), z.int().min(1)),
  otherAnnotations: count,
  comments: z.array(z.string()),
  findings: z.array(findingSchema),
});

const datasetContentSchema = z.object({
  kind: z.literal("datasets"),
  dataset: z.object({
    name: z.string().min(1),
    source: z.string(),
    fingerprint,
    createdAt: z.string(),
  }),
  records: z.array(recordSchema),
  /** Findings that belong to no single record. */
  findings: z.array(findingSchema),
});

const summarySchema: z.ZodType<PreparationSummary> = z.looseObject({
  settings: preparationSettingsSchema,
  labels: z.array(z.string()),
  counts: z.array(
    z.object({
      label: z.string(),
      found: count,
      train: count,
      validation: count,
      test: count,
      syntheticTrain: count,
      syntheticValidation: count,
      syntheticTest: count,
    }),
  ),
  totals: z.record(z.enum(setNames), count),
  beats: count,
  leftOut: z.object({
    outsideRecord: count,
    missingSamples: count,
    symbols: z.record(z.string(), count),
    smallClasses: z.record(z.string(), count),
    records: z.array(z.string()),
  }),
  sharedRecords: z.array(z.string()),
  caveats: z.array(z.string()),
});

const preparationContentSchema = z.object({
  kind: z.literal("preparations"),
  datasetFingerprint: fingerprint,
  preparation: z.object({
    datasetId: z.int().min(1),
    settings: preparationSettingsSchema,
    summary: summarySchema,
    fingerprint,
    seconds: z.number().min(0),
    createdAt: z.string(),
  }) satisfies z.ZodType<Omit<Preparation, "id">>,
});

const errorSchema: z.ZodType<ErrorReport> = z.object({
  code: z.enum([...(Object.keys(errorCodes) as (keyof typeof errorCodes)[]), "cancelled", "bug"]),
  message: z.string(),
  fix: z.string(),
});

const deviceSchema: z.ZodType<DeviceInfo> = z.looseObject({
  backend: z.string(),
  description: z.string(),
  cores: z.int(),
  versions: z.object({ ectopy: z.string(), node: z.string(), tfjs: z.string(), tensorflow: z.string() }),
});

const evaluationSchema: z.ZodType<Evaluation> = z.object({
  loss,
  accuracy: z.number(),
  macroF1: z.number(),
  weightedF1: z.number(),
  perClass: z.array(
    z.object({ label: z.string(), ppv: z.number(), sensitivity: z.number(), f1: z.number(), support: count }),
  ),
  confusion: z.array(z.array(count)),
});

const epochSchema: z.ZodType<EpochMetrics> = z.object({
  epoch: z.int().min(1),
  trainLoss: loss,
  trainAccuracy: z.number(),
  validationLoss: loss,
  validationAccuracy: z.number(),
  validationMacroF1: z.number(),
  validationF1: z.array(z.number()),
  learningRate: z.number(),
  seconds: z.number(),
  validationSeconds: z.number(),
});

const resultSchema: z.ZodType<TrainingResult> = z.object({
  bestEpoch: count,
  epochs: z.array(epochSchema),
  stoppedEarly: z.boolean(),
  cancelled: z.boolean(),
  test: evaluationSchema,
  validation: evaluationSchema,
  parameters: z.object({ trainable: count, total: count }),
  device: deviceSchema,
  seconds: z.number(),
});

const runSchema: z.ZodType<Omit<RunRecord, "id">> = z.object({
  preparationId: z.int().min(1),
  settings: trainingSettingsSchema,
  status: z.enum(runStatuses),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: errorSchema.nullable(),
  device: deviceSchema.nullable(),
  result: resultSchema.nullable(),
});

const logEntrySchema: z.ZodType<RunLogEntry> = z.object({
  at: z.string(),
  kind: z.enum(["note", "warning", "error"]),
  message: z.string().min(1),
});

const remarksSchema: z.ZodType<RunRemarks> = z.object({ notes: z.string(), tags: z.array(z.string()) });

/** A run as it was when its folder, or one of its checkpoints, was stored. Its steps are in {@link STEPS_FILE}. */
const storedRunSchema = z.object({
  preparationFingerprint: fingerprint,
  run: runSchema,
  epochs: z.array(epochSchema),
  log: z.array(logEntrySchema),
  remarks: remarksSchema,
  experiment: z
    .object({
      name: z.string().min(1),
      plan: experimentPlanSchema,
      metric: z.enum(winnerMetrics),
      createdAt: z.string(),
      /** Of the run in it. */
      label: z.string(),
    })
    .nullable(),
});
export type StoredRun = z.infer<typeof storedRunSchema>;

const runContentSchema = storedRunSchema.extend({ kind: z.literal("runs") });

const checkpointContentSchema = z.object({
  kind: z.literal("checkpoints"),
  runId: z.int().min(1),
  sha256: fingerprint,
  epochs: count,
  steps: count,
  createdAt: z.string(),
  of: storedRunSchema,
});

export const manifestContentSchema = z.discriminatedUnion("kind", [
  datasetContentSchema,
  preparationContentSchema,
  runContentSchema,
  checkpointContentSchema,
]);
export type ManifestContent = z.infer<typeof manifestContentSchema>;
export type ContentOf<Kind extends ManifestContent["kind"]> = Extract<ManifestContent, { kind: Kind }>;

/** Loss, then accuracy of every step of a run, as float32: too many for JSON. */
export const STEPS_FILE = "steps.f32";
