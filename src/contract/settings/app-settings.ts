/** Settings of the app, stored in the user's configuration folder, not in a workspace. */
import { z } from "zod";
import { executorSchema, MAX_EXECUTORS } from "../domain/executors.ts";
import { logLevels } from "../domain/log.ts";
import { MAX_INSTITUTION_LENGTH, reportSettingsSchema } from "../domain/recording-report.ts";
import { MAX_REVIEWER_LENGTH } from "../domain/reviews.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Layout of the table of runs. */
const runsTableSchema = z.strictObject({
  /** Visible columns from left to right; empty: default columns. */
  columns: z.array(z.string().max(50)).max(100),
  sort: z.strictObject({ column: z.string().max(50), descending: z.boolean() }).nullable(),
});

/** A view of the table of runs that was saved under a name. */
const runsViewSchema = runsTableSchema.extend({ name: z.string().trim().min(1).max(60), search: z.string().max(1000) });
export type SavedRunsView = z.infer<typeof runsViewSchema>;
export const MAX_RUNS_VIEWS = 50;

/** Settings of the latest report of a recording. */
const recordingReportSchema = z.strictObject({
  settings: reportSettingsSchema.prefault({}),
  institution: z.string().max(MAX_INSTITUTION_LENGTH).prefault(""),
});

/** MLflow server of the latest export. Credentials are no setting: see KeptSignIn (exports.ts). */
const mlflowServerSchema = z.strictObject({ address: z.string().max(4096), experiment: z.string().max(500) });

export const settingsSchema = z.strictObject({
  theme: z.enum(themes).prefault("system"),
  /** Intra-op threads of trainings that leave them open; 0: one for each core. */
  threads: z.int().min(0).max(1024).prefault(0),
  /** Workspace folder, used after a restart; empty: `Ectopy` in the user's home folder. */
  workspace: z.string().max(4096).prefault(""),
  runsTable: runsTableSchema.prefault({ columns: [], sort: null }),
  runsViews: z.array(runsViewSchema).max(MAX_RUNS_VIEWS).prefault([]),
  recordingReport: recordingReportSchema.prefault({}),
  mlflow: mlflowServerSchema.prefault({ address: "", experiment: "Ectopy" }),
  /** Whether imports exclude header comments and other free text (docs/privacy.md). */
  withoutComments: z.boolean().prefault(false),
  /** PEM file of certificate authorities that servers are trusted by, beside the system's; empty: none. */
  authorityFile: z.string().max(4096).prefault(""),
  /** Name that reviews store with each edit; empty: not yet entered. */
  reviewer: z.string().max(MAX_REVIEWER_LENGTH).prefault(""),
  /** Least severe entries that the log holds. */
  logLevel: z.enum(logLevels).prefault("info"),
  /** Whether the user has started or declined the tour; until then, the first page offers it. */
  tourOffered: z.boolean().prefault(false),
  /** What starts trainings on other machines. */
  executors: z.array(executorSchema).max(MAX_EXECUTORS).prefault([]),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsChangeSchema = z.strictObject({
  theme: z.enum(themes).optional(),
  threads: z.int().min(0).max(1024).optional(),
  workspace: z.string().max(4096).optional(),
  runsTable: runsTableSchema.optional(),
  runsViews: z.array(runsViewSchema).max(MAX_RUNS_VIEWS).optional(),
  recordingReport: recordingReportSchema.optional(),
  mlflow: mlflowServerSchema.optional(),
  withoutComments: z.boolean().optional(),
  authorityFile: z.string().max(4096).optional(),
  reviewer: z.string().max(MAX_REVIEWER_LENGTH).optional(),
  logLevel: z.enum(logLevels).optional(),
  tourOffered: z.boolean().optional(),
  executors: z.array(executorSchema).max(MAX_EXECUTORS).optional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
