/** Schemas of stored values, shared by the JSON columns of the database and by the manifests of stored folders. */
import { z } from "zod";
import { errorCodes, type ErrorReport } from "../../contract/domain/errors.ts";
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import { storedKinds } from "../../contract/domain/integrity.ts";
import {
  preparationInputsSchema,
  preparationSettingsSchema,
  setNames,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import {
  patientSources,
  UNKNOWN_ORIGIN,
  type DatasetRecord,
  type RecordAnnotator,
} from "../../contract/domain/dataset-records.ts";
import { findingCodes, tableSets, type Finding, type RecordDetails } from "../../contract/domain/recordings.ts";
import type { RunLogEntry, RunRemarks } from "../../contract/domain/runs.ts";
import {
  runStatuses,
  trainingSettingsSchema,
  type DeviceInfo,
  type EpochMetrics,
  type RunRecord,
  type TrainingResult,
} from "../../contract/domain/training.ts";

export const fingerprintSchema = z.string().length(64);
export const countSchema = z.int().min(0);
/** Loss: JSON has no infinity, which a loss can be, and stores null instead. */
const lossSchema = z
  .number()
  .nullable()
  .transform((value) => value ?? Infinity);

/** Tags of a run, leads or comments of a recording. */
export const textsSchema = z.array(z.string());

/** F1 of each class after an epoch; empty in runs stored by earlier versions. */
export const classScoresSchema = z.array(z.number());

export const findingSchema: z.ZodType<Finding> = z.object({
  code: z.enum(findingCodes).optional(),
  severity: z.enum(["damaged", "warning", "note"]),
  message: z.string(),
  fix: z.string(),
});

export const recordDetailsSchema: z.ZodType<RecordDetails> = z.object({
  originalName: z.string().optional(),
  format: z.string().optional(),
  annotator: z.string().optional(),
  units: textsSchema.optional(),
  rates: z.array(z.number().min(0)).optional(),
  startsAt: z.string().optional(),
  table: z
    .object({
      samples: z.int().min(1),
      classes: textsSchema,
      classTexts: textsSchema,
      set: z.enum(tableSets),
    })
    .optional(),
});

/** Hash of each lead. */
export const hashesSchema = z.array(z.string().nullable());

export const recordAnnotatorsSchema: z.ZodType<RecordAnnotator[]> = z.array(
  z.object({ annotator: z.string(), symbols: z.record(z.string(), z.int().min(1)) }),
);

export const patientSourceSchema = z.enum(patientSources);

/** Patient of each recording by its name; null: unknown. */
export const patientLabelsSchema = z.record(z.string(), z.string().nullable());

/** Manifests of earlier versions have no origin of a recording. */
export const recordSchema: z.ZodType<DatasetRecord> = z.object({
  name: z.string(),
  usable: z.boolean(),
  rate: z.number().min(0),
  length: countSchema,
  leads: textsSchema,
  beats: z.record(z.string(), z.int().min(1)),
  otherAnnotations: countSchema,
  comments: textsSchema,
  details: recordDetailsSchema.optional(),
  findings: z.array(findingSchema),
  place: z.string().default(UNKNOWN_ORIGIN.place),
  patient: z.string().nullable().default(UNKNOWN_ORIGIN.patient),
  knownAs: z.string().nullable().default(UNKNOWN_ORIGIN.knownAs),
  hashes: hashesSchema.default(UNKNOWN_ORIGIN.hashes),
  annotators: recordAnnotatorsSchema.default(UNKNOWN_ORIGIN.annotators),
  version: z.int().min(1).default(UNKNOWN_ORIGIN.version),
});

export const summarySchema: z.ZodType<PreparationSummary> = z.looseObject({
  settings: preparationSettingsSchema,
  labels: z.array(z.string()),
  counts: z.array(
    z.object({
      label: z.string(),
      found: countSchema,
      train: countSchema,
      validation: countSchema,
      test: countSchema,
      syntheticTrain: countSchema,
      syntheticValidation: countSchema,
      syntheticTest: countSchema,
    }),
  ),
  totals: z.record(z.enum(setNames), countSchema),
  beats: countSchema,
  leftOut: z.object({
    outsideRecord: countSchema,
    missingSamples: countSchema,
    symbols: z.record(z.string(), countSchema),
    smallClasses: z.record(z.string(), countSchema),
    unreviewed: countSchema.optional(),
    noise: countSchema.optional(),
    records: z.array(z.string()),
    reasons: z.record(z.string(), z.string()).optional(),
  }),
  patientsKnown: z.boolean().optional(),
  recordings: z
    .record(z.string(), z.object({ lead: z.string(), rate: z.number(), secondLead: z.string().optional() }))
    .optional(),
  testRecordings: z
    .record(z.string(), z.object({ lead: z.string(), rate: z.number(), secondLead: z.string().optional() }))
    .optional(),
  inputs: preparationInputsSchema.optional(),
  sharedRecords: z.array(z.string()),
  caveats: z.array(z.string()),
});

export const errorSchema: z.ZodType<ErrorReport> = z.object({
  code: z.enum([...(Object.keys(errorCodes) as (keyof typeof errorCodes)[]), "cancelled", "bug"]),
  message: z.string(),
  fix: z.string(),
  subject: z.object({ kind: z.enum(storedKinds), id: z.int().min(1) }).exactOptional(),
});

export const deviceSchema: z.ZodType<DeviceInfo> = z.looseObject({
  backend: z.string(),
  description: z.string(),
  cores: z.int(),
  versions: z.object({ ectopy: z.string(), node: z.string(), tfjs: z.string(), tensorflow: z.string() }),
});

const evaluationSchema: z.ZodType<Evaluation> = z.object({
  loss: lossSchema,
  accuracy: z.number(),
  macroF1: z.number(),
  weightedF1: z.number(),
  perClass: z.array(
    z.object({ label: z.string(), ppv: z.number(), sensitivity: z.number(), f1: z.number(), support: countSchema }),
  ),
  confusion: z.array(z.array(countSchema)),
});

export const epochSchema: z.ZodType<EpochMetrics> = z.object({
  epoch: z.int().min(1),
  trainLoss: lossSchema,
  trainAccuracy: z.number(),
  validationLoss: lossSchema,
  validationAccuracy: z.number(),
  validationMacroF1: z.number(),
  validationF1: classScoresSchema,
  learningRate: z.number(),
  seconds: z.number(),
  validationSeconds: z.number(),
});

const resultSchema: z.ZodType<TrainingResult> = z.object({
  bestEpoch: countSchema,
  epochs: z.array(epochSchema),
  stoppedEarly: z.boolean(),
  temperature: z.number().optional(),
  cancelled: z.boolean(),
  test: evaluationSchema,
  validation: evaluationSchema,
  parameters: z.object({ trainable: countSchema, total: countSchema }),
  device: deviceSchema,
  seconds: z.number(),
});

export const runSchema: z.ZodType<Omit<RunRecord, "id">> = z.object({
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

export const logEntrySchema: z.ZodType<RunLogEntry> = z.object({
  at: z.string(),
  kind: z.enum(["note", "warning", "error"]),
  message: z.string().min(1),
});

export const remarksSchema: z.ZodType<RunRemarks> = z.object({
  /** Absent in manifests of earlier versions. */
  name: z.string().default(""),
  notes: z.string(),
  tags: textsSchema,
});
