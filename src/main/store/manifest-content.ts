/** Content of a manifest: the database's rows of its folder, complete enough to register the folder again. */
import { z } from "zod";
import { experimentPlanSchema, winnerMetrics } from "../../contract/domain/experiments.ts";
import { preparationSettingsSchema, type Preparation } from "../../contract/domain/preparation.ts";
import {
  countSchema,
  epochSchema,
  findingSchema,
  fingerprintSchema,
  logEntrySchema,
  patientLabelsSchema,
  patientSourceSchema,
  recordSchema,
  remarksSchema,
  runSchema,
  summarySchema,
} from "./stored-schemas.ts";

const datasetContentSchema = z.object({
  kind: z.literal("datasets"),
  dataset: z.object({
    name: z.string().min(1),
    source: z.string(),
    fingerprint: fingerprintSchema,
    createdAt: z.string(),
    /** Absent in manifests of earlier versions. */
    patientsFrom: patientSourceSchema.nullable().default(null),
  }),
  /** Fingerprint of each version, the last of which is the dataset's; absent in manifests of earlier versions. */
  versions: z.array(fingerprintSchema).default([]),
  /** Whether the recordings have been compared with public databases; absent in manifests of earlier versions. */
  identified: z.boolean().default(false),
  /** Corrections of patients, oldest first; absent in manifests of earlier versions. */
  corrections: z
    .array(
      z.object({
        version: z.int().min(2),
        createdAt: z.string(),
        patients: patientLabelsSchema,
        patientsFrom: patientSourceSchema.nullable(),
        undoes: z.int().min(2).nullable(),
      }),
    )
    .default([]),
  records: z.array(recordSchema),
  /** Findings on the whole dataset, not on one recording. */
  findings: z.array(findingSchema),
});

const preparationContentSchema = z.object({
  kind: z.literal("preparations"),
  datasetFingerprint: fingerprintSchema,
  /** Version of the dataset; absent in manifests of earlier versions. */
  datasetVersion: z.int().min(1).optional(),
  preparation: z.object({
    /** Absent in manifests of earlier versions. */
    name: z.string().default(""),
    datasetId: z.int().min(1),
    settings: preparationSettingsSchema,
    summary: summarySchema,
    fingerprint: fingerprintSchema,
    seconds: z.number().min(0),
    createdAt: z.string(),
  }) satisfies z.ZodType<Omit<Preparation, "id">>,
});

/** Run at the time when its folder or checkpoint was stored. Its training steps are in {@link STEPS_FILE}. */
const storedRunSchema = z.object({
  preparationFingerprint: fingerprintSchema,
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
      /** Label of the run within the experiment. */
      label: z.string(),
    })
    .nullable(),
});
export type StoredRun = z.infer<typeof storedRunSchema>;

const runContentSchema = storedRunSchema.extend({ kind: z.literal("runs") });

const checkpointContentSchema = z.object({
  kind: z.literal("checkpoints"),
  runId: z.int().min(1),
  sha256: fingerprintSchema,
  epochs: countSchema,
  steps: countSchema,
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

/** File with the loss, then the accuracy of every training step of a run, as float32: too many values for JSON. */
export const STEPS_FILE = "steps.f32";
