/**
 * Downloads databases of PhysioNet by name and imports them as datasets. Downloaded files stay under `downloads/` of
 * the workspace, so that an interrupted download can be resumed, until the import has copied them.
 */
import { readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ImportedDataset } from "../../../contract/domain/datasets.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import {
  physioNetDatabases,
  physioNetNames,
  physioNetPage,
  type DownloadState,
  type PhysioNetDatabase,
  type PhysioNetName,
} from "../../../contract/domain/physionet.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import {
  filesOfRecords,
  parseChecksums,
  parseRecordNames,
  type ListedFile,
} from "../../../pipeline/recordings/physionet/server-lists.ts";
import { forEachConcurrently } from "../../base/for-each-concurrently.ts";
import { makePrivateFolder } from "../../base/private-files.ts";
import type { Workspace } from "../../store/workspace.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import type { DatasetService, ImportOptions, ImportWatch } from "../datasets/datasets.ts";
import { fetchFile, type FetchOptions } from "./fetch-file.ts";
import { BrokenOff, chosenServer, PhysioNetServer, usualTimes, type ServerTimes } from "./physionet-server.ts";

const CHECKSUMS = "SHA256SUMS.txt";
const RECORDS = "RECORDS";
/** Limit on a list: a hundred bytes for each of a hundred thousand files. */
const MAX_LIST_BYTES = 10_000_000;
/** More parallel downloads gain little, and PhysioNet serves many users. */
const MAX_PARALLEL_FILES = 4;

export class DownloadService {
  readonly #workspace: Workspace;
  readonly #datasets: DatasetService;
  readonly #times: ServerTimes;
  readonly #running = new Set<PhysioNetName>();

  constructor(workspace: Workspace, datasets: DatasetService, times: ServerTimes = usualTimes) {
    this.#workspace = workspace;
    this.#datasets = datasets;
    this.#times = times;
  }

  /** Returns what is downloaded of each database. */
  async list(): Promise<DownloadState[]> {
    return Promise.all(physioNetNames.map(async (name) => ({ name, bytes: await bytesIn(this.#folder(name)) })));
  }

  /**
   * Downloads the missing files of a database, checks every file against the server's list, and imports the database.
   * @throws EctopyError `server-unreachable`, `server-refuses`, `server-unsuitable`, `unsafe-path`, `damaged-file`,
   * `disk-full`,
   *   `no-access`, `invalid-settings`: the download is already running; CancelledError
   */
  async download(
    name: PhysioNetName,
    watch: ImportWatch & Pick<ImportOptions, "withoutComments">,
  ): Promise<ImportedDataset> {
    return this.#alone(name, async () => {
      const database = physioNetDatabases[name];
      const folder = this.#folder(name);
      try {
        await withSystemErrors(`the download ${folder}`, () => makePrivateFolder(folder));
        await refuseFullDisk(folder, database);
        await this.#fetch(database, folder, watch);
      } catch (error) {
        if (error instanceof CancelledError) throw stopped();
        throw error;
      }
      const source = physioNetPage(database);
      const imported = await this.#datasets.importFrom(folder, { ...watch, name: database.title, source });
      // The same recordings were imported from elsewhere before: now their source is known.
      if (imported.dataset.source !== source) this.#workspace.datasets.setSource(imported.dataset.id, source);
      await rm(folder, { recursive: true, force: true });
      return { ...imported, dataset: { ...imported.dataset, source } };
    });
  }

  /**
   * Deletes downloaded files that were not imported.
   * @throws EctopyError `invalid-settings`: the download is running; `no-access`
   */
  async discard(name: PhysioNetName): Promise<void> {
    const folder = this.#folder(name);
    await this.#alone(name, () =>
      withSystemErrors(`the download ${folder}`, () => rm(folder, { recursive: true, force: true })),
    );
  }

  async #alone<T>(name: PhysioNetName, work: () => Promise<T>): Promise<T> {
    if (this.#running.has(name)) {
      const { title } = physioNetDatabases[name];
      throw new EctopyError("invalid-settings", `The ${title} is being downloaded.`, "Wait for its end, or cancel it.");
    }
    this.#running.add(name);
    try {
      return await work();
    } finally {
      this.#running.delete(name);
    }
  }

  async #fetch(database: PhysioNetDatabase, folder: string, { progress, signal }: ImportWatch): Promise<void> {
    // A failed download cancels the others.
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const server = new PhysioNetServer(chosenServer(), database, either, this.#times);
    const options = { signal: either, maxBytes: database.bytes };
    progress({ stage: "Reading PhysioNet's file list", done: 0, total: 0, unit: "files" });
    const files = await listFiles(server, folder, options);
    const tally = new Tally(database.bytes);
    let done = 0;
    const report = (): void =>
      progress({
        stage: "Downloading",
        done,
        total: files.length,
        unit: "files",
        detail: tally.text(),
      });
    report();
    const fetchOne = async (file: ListedFile): Promise<void> => {
      const onBytes = (onDisk: number, received: number): void => {
        tally.add(file.name, onDisk, received);
        if (tally.onDisk > 2 * database.bytes) throw server.unsuitable("it has more bytes than listed");
        report();
      };
      await fetchFile(server, folder, file, { ...options, onBytes });
      done++;
      report();
    };
    await forEachConcurrently(files, MAX_PARALLEL_FILES, fetchOne, () => failure.abort());
  }

  #folder(name: PhysioNetName): string {
    return join(this.#workspace.folder, "downloads", `${name}-${physioNetDatabases[name].version}`);
  }
}

/** Returns the files to download by the server's lists: `RECORDS` itself, and the files of each record. */
async function listFiles(
  server: PhysioNetServer,
  folder: string,
  options: Omit<FetchOptions, "onBytes">,
): Promise<ListedFile[]> {
  let text: string;
  try {
    text = await server.text(CHECKSUMS, MAX_LIST_BYTES);
  } catch (error) {
    // Requested once: an unreachable server is reported at once.
    throw error instanceof BrokenOff ? server.unreachable(error) : error;
  }
  const checksums = parseChecksums(text);
  const sha256 = checksums.get(RECORDS);
  if (sha256 === undefined) throw server.unsuitable(`its ${CHECKSUMS} lists no records`);
  const list = { name: RECORDS, sha256 };
  await fetchFile(server, folder, list, { ...options, maxBytes: MAX_LIST_BYTES, onBytes: () => {} });
  const names = parseRecordNames(await readFile(join(folder, RECORDS), "utf8"));
  return [list, ...filesOfRecords(names, checksums)];
}

/** Progress of a download: bytes on the disk, and speed. */
class Tally {
  onDisk = 0;
  readonly #expected: number;
  readonly #files = new Map<string, number>();
  readonly #startedAt = performance.now();
  #received = 0;

  /** @param expected bytes of all files */
  constructor(expected: number) {
    this.#expected = expected;
  }

  add(file: string, onDisk: number, received: number): void {
    this.onDisk += onDisk - (this.#files.get(file) ?? 0);
    this.#files.set(file, onDisk);
    this.#received += received;
  }

  /** `31 of about 94 MB, 4.2 MB/s` */
  text(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const speed = this.#received === 0 ? "" : `, ${(this.#received / 1e6 / Math.max(seconds, 0.1)).toFixed(1)} MB/s`;
    return `${megabytes(this.onDisk)} of about ${megabytes(this.#expected)} MB${speed}`;
  }
}

/** Checks the free space: files are on the disk twice until the import ends. */
async function refuseFullDisk(folder: string, { title, bytes }: PhysioNetDatabase): Promise<void> {
  const { bavail, bsize } = await withSystemErrors(`the download ${folder}`, () => statfs(folder));
  const needed = 2 * bytes - Math.min(bytes, await bytesIn(folder));
  if (needed <= bavail * bsize) return;
  throw new EctopyError(
    "disk-full",
    `The import of the ${title} needs ${megabytes(needed)} MB; ${megabytes(bavail * bsize)} MB are free on the disk of the workspace.`,
    "Free some space, or choose another workspace with --workspace.",
  );
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return formatInteger(bytes / 1e6);
}

function stopped(): CancelledError {
  return new CancelledError("Cancelled: downloaded files are kept, and the next download resumes.");
}
