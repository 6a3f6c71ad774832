/** Imports recordings into the workspace, or makes sample ones, with a report of their health. */
import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { SAMPLE, type ImportedDataset } from "../../contract/datasets.ts";
import { CancelledError, EctopyError } from "../../contract/errors.ts";
import type { ReportProgress } from "../../contract/jobs.ts";
import type { HealthReport } from "../../contract/recordings.ts";
import { samplePatients } from "../../pipeline/recordings/sample/generate-sample.ts";
import { healthReport } from "../../pipeline/recordings/wfdb/health.ts";
import { inTemporaryFolder } from "../base/temporary.ts";
import { createPreparePool } from "../jobs/prepare-beats.ts";
import type { StoredFile } from "../jobs/prepare-tasks.ts";
import { listRecords } from "../jobs/record-files.ts";
import { isZip, unpackZip } from "../jobs/unpack-zip.ts";
import type { Workspace } from "../store/workspace.ts";
import { withSystemErrors } from "../../contract/system-errors.ts";

export interface ImportWatch {
  progress: ReportProgress;
  signal: AbortSignal;
}

export interface ImportOptions extends ImportWatch {
  /** Name of the dataset (default: the folder's). */
  name?: string;
  /** Where the recordings came from, if not from the path. */
  source?: string;
  /** Leaves out header comments and other free text, which may hold patients' names (default: false). */
  withoutComments?: boolean;
}

export class DatasetService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Copies the usable records of a folder, or of a ZIP file, into the workspace; damaged ones are named in the report and left
   * out.
   * @throws EctopyError `not-found`, `nothing-usable`, `unsupported`, `damaged-file`, `unsafe-path`, `disk-full`, `no-access`;
   *   CancelledError
   */
  async importFrom(path: string, options: ImportOptions): Promise<ImportedDataset> {
    const place = resolve(path);
    const named = { source: place, name: basename(place, ".zip"), ...options };
    if (!isZip(place)) return this.#import(place, named);
    return inTemporaryFolder("unpacked", async (folder) => {
      await unpackZip(place, folder, options);
      return this.#import(folder, { ...named, shown: basename(place) });
    });
  }

  /** Makes the sample recordings of a seed and imports them: the same seed gives the same bytes. */
  async makeSample(seed: number, watch: ImportWatch): Promise<ImportedDataset> {
    return withSystemErrors("the sample recordings in the temporary folder", () =>
      inTemporaryFolder("sample", async (folder) => {
        const pool = createPreparePool();
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

  /** @param options.shown what the user calls the folder, where it is not its path */
  async #import(
    given: string,
    options: ImportOptions & { name: string; source: string; shown?: string },
  ): Promise<ImportedDataset> {
    const { withoutComments = false, shown = given } = options;
    const { folder, names, findings } = listRecords(given, shown);
    const staged = this.#workspace.stage("datasets");
    const pool = createPreparePool();
    try {
      let done = 0;
      const report = (): void =>
        options.progress({ stage: "Importing recordings", done, total: names.length, unit: "records" });
      report();
      const imported = await Promise.all(
        names.map(async (name) => {
          const record = await pool.run("importRecord", { folder, name, destination: staged.path, withoutComments });
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
      const fingerprint = fingerprintOf(imported.flatMap(({ files }) => files));
      const before = this.#workspace.datasets.findByFingerprint(fingerprint);
      if (before) this.#workspace.removed.restore("datasets", before.id);
      if (before) return { dataset: before, report: health, alreadyThere: true };
      const id = this.#workspace.keep("datasets", staged, () =>
        this.#workspace.datasets.add(
          { name: options.name, source: options.source, fingerprint, createdAt: new Date().toISOString() },
          health,
        ),
      );
      return { dataset: this.#workspace.datasets.find(id)!, report: health, alreadyThere: false };
    } finally {
      await pool.close();
      staged.discard();
    }
  }
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
    finding?.fix ?? "Copy the recordings again from where they came from.",
  );
}

/** SHA-256 over the files' names and hashes, in order of name: the same for the same files, wherever they came from. */
function fingerprintOf(files: readonly StoredFile[]): string {
  const hash = createHash("sha256");
  const lines = new Set(files.map(({ name, sha256 }) => `${name} ${sha256}\n`));
  for (const line of [...lines].sort()) hash.update(line);
  return hash.digest("hex");
}
