/** Imports recordings into the workspace, or makes sample recordings, with a report of their quality issues. */
import { basename, resolve } from "node:path";
import { UNKNOWN_ORIGIN, type DatasetRecord, type PatientSource } from "../../../contract/domain/dataset-records.ts";
import { SAMPLE, type ImportedDataset } from "../../../contract/domain/datasets.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { HealthReport } from "../../../contract/domain/recordings.ts";
import { isMitBih } from "../../../pipeline/beats/mitbih.ts";
import { patientLabel } from "../../../pipeline/beats/patients.ts";
import { knownRecord } from "../../../pipeline/recordings/identity/known-records.ts";
import { samplePatients } from "../../../pipeline/recordings/sample/generate-sample.ts";
import { healthReport } from "../../../pipeline/recordings/health.ts";
import { inTemporaryFolder } from "../../base/temporary.ts";
import { importRecord } from "../../workers/import-record.ts";
import type { RecordStored } from "../../workers/beat-tasks.ts";
import { createBeatPool } from "../../workers/prepare-beats.ts";
import { isZip, unpackZip } from "../../workers/unpack-zip.ts";
import type { UserFiles } from "../../workers/user-files.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { StoredFile } from "../../store/manifest.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import { datasetFingerprint } from "../workspace/fingerprints.ts";
import type { BinService } from "../workspace/bin.ts";
import type { Verifier } from "../workspace/verifier.ts";
import { timestamp } from "../../base/timestamp.ts";

export interface ImportWatch {
  progress: ReportProgress;
  signal: AbortSignal;
}

export interface ImportOptions extends ImportWatch {
  /** Name of the dataset; the folder's name by default. */
  name?: string;
  /** Source of the recordings; the path by default. */
  source?: string;
  /** What the user calls what is imported, where it is not its path: an upload lies in a temporary folder. */
  shown?: string;
  /** Leaves out header comments and other free text, which may hold patients' names (default: false). */
  withoutComments?: boolean;
}

interface CopyOptions extends ImportOptions {
  name: string;
  source: string;
}

export interface DatasetParts {
  bin: BinService;
  verifier: Verifier;
  userFiles: UserFiles;
}

export class DatasetService {
  readonly #workspace: Workspace;
  readonly #bin: BinService;
  readonly #verifier: Verifier;
  readonly #userFiles: UserFiles;

  constructor(workspace: Workspace, { bin, verifier, userFiles }: DatasetParts) {
    this.#workspace = workspace;
    this.#bin = bin;
    this.#verifier = verifier;
    this.#userFiles = userFiles;
  }

  /**
   * Copies the usable recordings of a folder or a ZIP file into the workspace; the report names damaged recordings,
   * which are excluded.
   * @throws EctopyError `not-found`, `nothing-usable`, `unsupported`, `damaged-file`, `unsafe-path`, `disk-full`,
   * `no-access`;
   *   CancelledError
   */
  async importFrom(path: string, options: ImportOptions): Promise<ImportedDataset> {
    const place = resolve(path);
    const named = { source: place, name: basename(place, ".zip"), ...options };
    await this.#userFiles.check(place, "recordings");
    if (!isZip(place)) return this.#import(place, named);
    return inTemporaryFolder("unpacked", async (folder) => {
      await unpackZip(place, folder, options);
      return this.#import(folder, { shown: basename(place), ...named });
    });
  }

  /** Makes the sample recordings of a seed and imports them: the same seed gives the same bytes. */
  async makeSample(seed: number, watch: ImportWatch): Promise<ImportedDataset> {
    return withSystemErrors("the sample recordings in the temporary folder", () =>
      inTemporaryFolder("sample", async (folder) => {
        const pool = createBeatPool();
        try {
          const total = samplePatients(seed).length;
          let done = 0;
          const report = (): void =>
            watch.progress({ stage: "Making sample recordings", done, total, unit: "patients" });
          report();
          await Promise.all(
            Array.from({ length: total }, async (_, number) => {
              await pool.run("makeSampleRecord", { seed, number, folder });
              if (watch.signal.aborted) throw new CancelledError("Cancelled; nothing was imported.");
              done++;
              report();
            }),
          );
        } finally {
          await pool.close();
        }
        return this.#import(folder, { source: SAMPLE, name: `Sample (seed ${seed})`, ...watch });
      }),
    );
  }

  #import(given: string, options: CopyOptions): Promise<ImportedDataset> {
    return this.#bin.withRoom(() => this.#copy(given, options));
  }

  async #copy(given: string, options: CopyOptions): Promise<ImportedDataset> {
    const { withoutComments = false, shown = given } = options;
    const { folder, names, findings } = await this.#userFiles.listRecords(given, shown);
    const staged = this.#workspace.stage("datasets");
    const pool = createBeatPool();
    try {
      let done = 0;
      const report = (): void =>
        options.progress({ stage: "Importing recordings", done, total: names.length, unit: "records" });
      report();
      const imported = await Promise.all(
        names.map(async (name, number) => {
          const order = { folder, name, destination: staged.path, withoutComments };
          const record = await importRecord(pool, order, number);
          if (options.signal.aborted) throw new CancelledError("Cancelled; nothing was imported.");
          done++;
          report();
          return record;
        }),
      );
      const health = healthReport(
        imported.map((record) => record.health),
        findings,
      );
      refuseUseless(shown, health);
      const files = uniqueFiles(imported.flatMap((record) => record.files));
      const fingerprint = datasetFingerprint(files);
      const known = identified(imported, options.source);
      const { datasets, removed } = this.#workspace;
      const before = datasets.findByFingerprint(fingerprint);
      if (before) removed.restore("datasets", before.id);
      if (before && (await this.#verifier.isSound({ kind: "datasets", id: before.id }, options.signal))) {
        return { dataset: before, report: health, alreadyThere: true };
      }
      const add = (): number => {
        const { name, source } = options;
        const row = { name, source, fingerprint, createdAt: timestamp(), patientsFrom: known.source };
        return datasets.add(row, { ...health, records: known.records, identified: true });
      };
      // A damaged stored copy is replaced; preparations made from it are unchanged.
      const id = this.#workspace.keep("datasets", staged, () => before?.id ?? add(), files);
      return { dataset: datasets.find(id)!, report: health, alreadyThere: false };
    } finally {
      await pool.close();
      staged.discard();
    }
  }
}

/** Returns the recordings with what is known of them: public recordings by their files, and patients. */
function identified(
  imported: readonly RecordStored[],
  origin: string,
): { source: PatientSource | null; records: DatasetRecord[] } {
  const records = imported.map(({ health, files }) => ({
    ...UNKNOWN_ORIGIN,
    ...health,
    knownAs: knownRecord({ files: files.map(({ sha256 }) => sha256) }),
  }));
  if (origin === SAMPLE) {
    return { source: "sample", records: records.map((record) => ({ ...record, patient: record.name })) };
  }
  if (!isMitBih(records.filter(({ usable }) => usable))) return { source: null, records };
  return { source: "database", records: records.map((record) => ({ ...record, patient: patientLabel(record) })) };
}

function refuseUseless(folder: string, { usableRecords, records }: HealthReport): void {
  if (usableRecords > 0) return;
  const [finding] = records.flatMap(({ findings }) => findings.filter(({ severity }) => severity === "damaged"));
  const none =
    records.length === 1
      ? `The recording in ${folder} can't be used`
      : `None of the ${records.length} recordings in ${folder} can be used`;
  throw new EctopyError(
    "nothing-usable",
    finding ? `${none}: ${finding.message}` : `${none}.`,
    finding?.fix ?? "Copy the recordings again from their source.",
  );
}

/** Several recordings may share a signal file. */
function uniqueFiles(files: readonly StoredFile[]): StoredFile[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}
