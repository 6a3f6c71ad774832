/** Methods of datasets, their recordings and their annotation sets. */
import { z } from "zod";
import {
  classificationSchema,
  type ClassificationCheck,
  type ClassificationResult,
  type UnsureCosts,
} from "../../domain/classification.ts";
import type { AnnotationSetOverview } from "../../domain/annotation-sets.ts";
import {
  importSchema,
  patientChangesSchema,
  type CorrectedPatients,
  type DatasetDetails,
  type DatasetOverview,
} from "../../domain/datasets.ts";
import { beatConventions, type SetComparison } from "../../domain/ec57.ts";
import type { Inspection } from "../../domain/inspection.ts";
import { datasetNameSchema } from "../../domain/names.ts";
import {
  databaseAddressSchema,
  recordPatternsSchema,
  type DatabaseContents,
  type DownloadState,
} from "../../domain/physionet.ts";
import { reportSchema } from "../../domain/recording-report.ts";
import { overruleSchema, restoreSchema } from "../../domain/recording-report-choices.ts";
import type { RecordingReport } from "../../domain/reported-recording.ts";
import type { RhythmSummary } from "../../domain/rhythm.ts";
import type { StripDrawing } from "../../domain/strip-drawing.ts";
import {
  annotationsSchema,
  disagreementsSchema,
  denoisedSchema,
  envelopeSchema,
  recordSchema,
  rhythmSchema,
  setNameSchema,
  stretchSchema,
  stripsSchema,
  tableQuerySchema,
  type AnnotationColumns,
  type Disagreements,
  type DenoisedStretch,
  type Envelope,
  type SignalStretch,
  type TableBeats,
} from "../../domain/viewing.ts";
import { method, id, nothing, dataset, path, type StartedJob } from "./method.ts";

const annotationSet = z.strictObject({ set: id });
const inspection = z.strictObject({ inspection: id });
const database = z.strictObject({ name: databaseAddressSchema });
const download = database.extend({ records: recordPatternsSchema.optional() });

export const recordingMethods = {
  "datasets.list": method<DatasetOverview[]>()(nothing),
  "datasets.get": method<DatasetDetails>()(dataset),
  /** Examines the recordings of a folder, a file or a ZIP file; nothing is stored. The job's subject is the inspection. */
  "datasets.inspect": method<StartedJob>()(z.strictObject({ path })),
  /** Result of an inspection, which is held until it is imported or discarded. */
  "datasets.inspection": method<Inspection>()(inspection),
  "datasets.discardInspection": method<null>()(inspection),
  /** Imports a folder, a file or a ZIP file; with `inspection`, what that has found. The job's subject is the dataset. */
  "datasets.import": method<StartedJob>()(importSchema.extend({ path })),
  "datasets.makeSample": method<StartedJob>()(z.strictObject({ seed: z.int().min(0).max(0xffffffff).optional() })),
  /** Examines recordings that an earlier version imported without examining their leads. The job's subject is the dataset. */
  "datasets.examine": method<StartedJob>()(dataset),
  /** Moves a dataset to the bin; `datasets.restore` restores it until the bin is emptied. */
  "datasets.remove": method<null>()(dataset),
  "datasets.restore": method<null>()(dataset),
  "datasets.rename": method<null>()(dataset.extend({ name: datasetNameSchema })),
  /** Corrects the patients of some recordings; preparations keep theirs, and say so. */
  "datasets.setPatients": method<CorrectedPatients>()(dataset.extend({ patients: patientChangesSchema })),
  /** Undoes the last correction of patients. */
  "datasets.undoPatients": method<CorrectedPatients>()(dataset),

  /** State of the download of each described PhysioNet database (`physioNetDatabases`), and of the others on the disk. */
  "downloads.list": method<DownloadState[]>()(nothing),
  /** Returns what a database holds: records with sizes, annotators, licence and citation, from the server's files. */
  "downloads.inspect": method<DatabaseContents>()(database),
  /** Downloads a database, or resumes its download, and imports it. The job's subject is the dataset. */
  "downloads.start": method<StartedJob>()(download.extend(importSchema.pick({ withoutComments: true }).shape)),
  /** Deletes the downloaded files of a database that has not been imported. */
  "downloads.discard": method<null>()(download),

  "recordings.signal": method<SignalStretch>()(stretchSchema),
  "recordings.envelope": method<Envelope>()(envelopeSchema),
  "recordings.denoised": method<DenoisedStretch>()(denoisedSchema),
  "recordings.annotations": method<AnnotationColumns>()(annotationsSchema),
  /** Beats of a class in a table whose rows are beats. */
  "recordings.tableBeats": method<TableBeats>()(tableQuerySchema),
  "recordings.rhythm": method<RhythmSummary>()(rhythmSchema),
  /** The report of a recording by an annotation set. */
  "recordings.report": method<RecordingReport>()(reportSchema),
  /** Strips of ECG paper, each around a range of samples, with the beats of an annotation set. */
  "recordings.strips": method<StripDrawing[]>()(stripsSchema),
  /** States that a place of a report is not the extreme, with a reason: another place takes its strip. */
  "recordings.overruleExtreme": method<null>()(overruleSchema),
  /** Removes that statement. */
  "recordings.restoreExtreme": method<null>()(restoreSchema),

  /** Where two annotation sets of a recording disagree: beats are matched within 150 ms, as by EC57. */
  "recordings.disagreements": method<Disagreements>()(disagreementsSchema),

  /** Annotation sets of a dataset: imported annotators first, then the sets that Ectopy made, oldest first. */
  "annotationSets.list": method<AnnotationSetOverview[]>()(dataset),
  /** Compares two sets by EC57: beats, runs of ectopic beats, and labels (Cohen's kappa). */
  "annotationSets.compare": method<SetComparison>()(
    dataset.extend({
      reference: setNameSchema,
      test: setNameSchema,
      /** Start of the comparison in s: 300 by EC57. */
      from: z.number().min(0).max(1_000_000),
      convention: z.enum(beatConventions),
    }),
  ),
  /** Detects R-peaks, and stores them as an annotation set. The job's subject is the dataset. */
  "annotationSets.detect": method<StartedJob>()(
    dataset.extend({
      /** Name of the set; by default `detected`. */
      name: setNameSchema.optional(),
      /** Lead to read; by default all leads together. */
      lead: z.string().min(1).max(200).optional(),
      /** Recording to read, in a set that keeps its other recordings; by default all. */
      record: recordSchema.shape.record.optional(),
    }),
  ),
  /** Moves a set to the bin; `annotationSets.restore` restores it until the bin is emptied. */
  "annotationSets.remove": method<null>()(annotationSet),
  "annotationSets.restore": method<null>()(annotationSet),
  "annotationSets.rename": method<null>()(annotationSet.extend({ name: setNameSchema })),

  /** What fits and what does not, before recordings are classified. */
  "classification.check": method<ClassificationCheck>()(classificationSchema),
  /** What thresholds of unsure beats cost on the test set of the runs. */
  "classification.costs": method<UnsureCosts>()(classificationSchema.pick({ run: true })),
  /** Classifies recordings, and stores an annotation set. The job's subject is the dataset. */
  "classification.start": method<StartedJob>()(classificationSchema),
  /** Counts of a classified annotation set. */
  "classification.result": method<ClassificationResult>()(dataset.extend({ set: setNameSchema })),
};
