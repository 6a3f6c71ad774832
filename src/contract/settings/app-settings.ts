/** What a person has chosen for the whole app. Kept beside the user's other settings, not in a workspace. */
import { z } from "zod";
import { networkNames } from "../domain/training.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** How the table of runs is laid out. */
const runsTableSchema = z.strictObject({
  /** Shown, from left to right; empty: as it comes. */
  columns: z.array(z.string().max(50)).max(100),
  sort: z.strictObject({ column: z.string().max(50), descending: z.boolean() }).nullable(),
});

/** The MLflow server that was exported to last. Who asks it is no setting: see KeptSignIn (exports.ts). */
const mlflowServerSchema = z.strictObject({ address: z.string().max(4096), experiment: z.string().max(500) });

export const settingsSchema = z.strictObject({
  theme: z.enum(themes).prefault("system"),
  /** TensorFlow's threads inside one operation, where a training does not say; 0: what was measured best for the network. */
  threads: z.int().min(0).max(1024).prefault(0),
  /** Folder in which Ectopy keeps everything, from the next start on; empty: `Ectopy` in the user's folder. */
  workspace: z.string().max(4096).prefault(""),
  /** What was measured on this machine, the newest of each network. */
  speeds: z
    .array(
      z.strictObject({
        network: z.enum(networkNames),
        /** Beats a step. */
        batch: z.int().min(1),
        millisecondsPerStep: z.number().gt(0),
        beatsPerSecond: z.number().gt(0),
        /** ISO 8601, UTC. */
        measuredAt: z.string(),
      }),
    )
    .prefault([]),
  runsTable: runsTableSchema.prefault({ columns: [], sort: null }),
  mlflow: mlflowServerSchema.prefault({ address: "", experiment: "Ectopy" }),
  /** Imports leave out header comments and other free text (docs/privacy.md). */
  withoutComments: z.boolean().prefault(false),
});
export type Settings = z.infer<typeof settingsSchema>;
export type MeasuredSpeed = Settings["speeds"][number];

export const settingsChangeSchema = z.strictObject({
  theme: z.enum(themes).optional(),
  threads: z.int().min(0).max(1024).optional(),
  workspace: z.string().max(4096).optional(),
  runsTable: runsTableSchema.optional(),
  mlflow: mlflowServerSchema.optional(),
  withoutComments: z.boolean().optional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
