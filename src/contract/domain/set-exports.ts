/** Exports of annotation sets for other programs. */
import { z } from "zod";
import { recordSchema, setNameSchema } from "./viewing.ts";

export const setFormats = ["wfdb", "edf", "csv"] as const;
export type SetFormat = (typeof setFormats)[number];

/** Title of each format. */
export const setFormatNames: Readonly<Record<SetFormat, string>> = {
  wfdb: "WFDB annotation files",
  edf: "EDF+ with samples and annotations",
  csv: "CSV tables",
};

export const setExportSchema = z.strictObject({
  dataset: z.int().min(1),
  set: setNameSchema,
  /** Recording to export; by default all that the set has annotated. */
  record: recordSchema.shape.record.optional(),
  format: z.enum(setFormats),
});
export type SetExport = z.infer<typeof setExportSchema>;
