/** Inspects and imports recordings, adds them to a dataset, or makes sample recordings. */
import { basename, extname, resolve } from "node:path";
import { SAMPLE, type ImportedDataset, type ImportSettings } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import { samplePatients } from "../../../pipeline/recordings/sample/generate-sample.ts";
import { inTemporaryFolder } from "../../base/temporary.ts";
import { createBeatPool } from "../../workers/prepare-beats.ts";
import type { BeatPool } from "../../workers/beat-tasks.ts";
import { ensureExamined } from "../../workers/examine-again.ts";
import { isZip, listZip } from "../../workers/list-zip.ts";
import type { UserFiles } from "../../workers/user-files.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import type { BinService } from "../workspace/bin.ts";
import type { Verifier } from "../workspace/verifier.ts";
import { cancelled, findAll, type FindWatch, type FoundRecordings } from "./find-all.ts";
import { copyRecordings } from "./copy-recordings.ts";
import { HeldInspections } from "./held-inspections.ts";
import { inspectAll } from "./inspect-all.ts";
import { treeOfFolder, treeOfZip } from "./source-tree.ts";

export type ImportWatch = FindWatch;

export interface InspectOptions extends ImportWatch {
  /** What the user calls what is inspected, where it is not its path: an upload lies in a temporary folder. */
  shown?: string;
  /** Called once the files are needed no longer. */
  release?: () => Promise<void>;
}

export interface ImportOptions extends ImportWatch, ImportSettings {
  /** Source of the recordings; the path by default. */
  source?: string;
  /** As for {@link InspectOptions}. */
  shown?: string;
}

export interface DatasetParts {
  bin: BinService;
  verifier: Verifier;
  userFiles: UserFiles;
}

interface FindOptions {
  shown: string;
  watch: ImportWatch;
  /** Returns the folder for recordings of a ZIP file that are unpacked while they are read. */
  scratch: () => string;
}

export class DatasetService {
  readonly #workspace: Workspace;
  readonly #bin: BinService;
  readonly #verifier: Verifier;
  readonly #userFiles: UserFiles;
  readonly #inspections = new HeldInspections();

  constructor(workspace: Workspace, { bin, verifier, userFiles }: DatasetParts) {
    this.#workspace = workspace;
    this.#bin = bin;
    this.#verifier = verifier;
    this.#userFiles = userFiles;
  }

  /**
   * Examines all recordings of a folder, a file or a ZIP file; nothing is stored. The result is held until it is
   * imported or discarded.
   * @throws EctopyError `not-found`, `nothing-usable`, `unsupported`, `damaged-file`, `unsafe-path`, `disk-full`,
   *   `no-access`; CancelledError
   */
  async inspect(path: string, options: InspectOptions): Promise<Inspection> {
    const place = resolve(path);
    const { shown = place, release, ...watch } = options;
    const held = await this.#inspections.hold(release);
    try {
      return await withBeatPool(async (pool) => {
        const found = await this.#find(pool, place, { shown, watch, scratch: () => held.temporaryFolder("records") });
        return held.set(found, await inspectAll(pool, found, { path: shown, name: nameOf(shown) }, watch));
      });
    } catch (error) {
      await held.release();
      throw error;
    }
  }

  /** Returns an inspection that is held. @throws EctopyError `not-found` */
  inspection(id: number): Inspection {
    return this.#inspections.get(id).inspection;
  }

  /** Forgets an inspection and removes its temporary files; does nothing if it was forgotten. */
  discard(id: number): Promise<void> {
    return this.#inspections.discard(id);
  }

  /**
   * Copies the usable recordings of a folder, a file or a ZIP file into the workspace; the report names damaged
   * recordings, which are excluded.
   * @throws EctopyError `not-found`, `nothing-usable`, `unsupported`, `damaged-file`, `unsafe-path`, `disk-full`,
   * `no-access`, `invalid-settings` (choices that fit none of the recordings); CancelledError
   */
  async importFrom(path: string, options: ImportOptions): Promise<ImportedDataset> {
    const place = resolve(path);
    const { name } = options;
    if (options.inspection !== undefined) {
      const { found, inspection } = this.#inspections.get(options.inspection);
      const named = { source: inspection.path, ...options, name: name ?? inspection.name };
      const imported = await withBeatPool((pool) => this.#import(pool, found, named));
      await this.discard(options.inspection);
      return imported;
    }
    const named = { source: place, ...options, name: name ?? nameOf(place) };
    const { shown = isZip(place) ? basename(place) : place } = options;
    return inTemporaryFolder("records", (folder) =>
      withBeatPool(async (pool) => {
        const found = await this.#find(pool, place, { shown, watch: options, scratch: () => folder });
        return this.#import(pool, found, named);
      }),
    );
  }

  /** Examines the recordings that an earlier version imported without examining their leads. @throws CancelledError */
  async examine(dataset: number, watch: ImportWatch): Promise<void> {
    await ensureExamined(this.#workspace, dataset, watch);
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
              if (watch.signal.aborted) throw cancelled();
              done++;
              report();
            }),
          );
        } finally {
          await pool.close();
        }
        return this.importFrom(folder, { source: SAMPLE, name: `Sample (seed ${seed})`, ...watch });
      }),
    );
  }

  /** Removes the temporary files of all inspections. */
  close(): Promise<void> {
    return this.#inspections.close();
  }

  async #find(pool: BeatPool, place: string, { shown, watch, scratch }: FindOptions): Promise<FoundRecordings> {
    await this.#userFiles.check(place, "recordings");
    const tree = isZip(place)
      ? treeOfZip(await listZip(place, watch.signal), { path: place, archive: basename(place), scratch: scratch() })
      : treeOfFolder(await this.#userFiles.listTree(place, shown));
    return findAll(pool, tree, shown, watch);
  }

  #import(
    pool: BeatPool,
    found: FoundRecordings,
    options: ImportOptions & { name: string; source: string },
  ): Promise<ImportedDataset> {
    if (options.addTo !== undefined && this.#workspace.datasets.find(options.addTo) === undefined) {
      throw new EctopyError(
        "not-found",
        `There is no dataset ${options.addTo}.`,
        "`ectopy datasets` lists the datasets.",
      );
    }
    const parts = { workspace: this.#workspace, verifier: this.#verifier, pool };
    return this.#bin.withRoom(() => copyRecordings(parts, found, options));
  }
}

/** Does some work with worker threads, which end with it. The work starts as many as it needs. */
async function withBeatPool<Result>(work: (pool: BeatPool) => Promise<Result>): Promise<Result> {
  const pool = createBeatPool(1);
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** Returns the name of a dataset by default: that of the folder or file, without its suffix. */
function nameOf(path: string): string {
  const name = basename(path);
  const suffix = extname(name);
  return isZip(name) || /^\.(?:hea|edf|bdf|csv|tsv|txt|mat|ecg)$/i.test(suffix) ? basename(name, suffix) : name;
}
