/**
 * Downloads databases of PhysioNet by name and imports them as datasets. Downloaded files stay under `downloads/` of
 * the workspace, so that an interrupted download can be resumed, until the import has copied them.
 */
import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ImportedDataset } from "../../../contract/domain/datasets.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import {
  bytesOfRecords,
  formatDatabaseAddress,
  parseDatabaseAddress,
  patternsWithout,
  physioNetDatabases,
  physioNetPage,
  selectRecords,
  type DatabaseAddress,
  type DatabaseContents,
  type DownloadState,
} from "../../../contract/domain/physionet.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import type { ListedFile } from "../../../pipeline/recordings/physionet/server-lists.ts";
import { forEachConcurrently } from "../../base/for-each-concurrently.ts";
import type { Network } from "../../base/network/network.ts";
import type { Workspace } from "../../store/workspace.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import type { DatasetService, ImportOptions, ImportWatch } from "../datasets/datasets.ts";
import { readContents, type ServedDatabase } from "./database-contents.ts";
import { bytesIn, DownloadPlaces } from "./download-places.ts";
import { fetchFile } from "./fetch-file.ts";
import { chosenServer, usualTimes, type ServerTimes } from "./physionet-server.ts";

/** More parallel downloads gain little, and PhysioNet serves many users. */
const MAX_PARALLEL_FILES = 4;
/** Limit on a file whose size the server does not say. */
const MAX_FILE_BYTES = 100e9;
/** Databases whose contents are remembered: a user looks at one and then downloads it. */
const MAX_REMEMBERED = 8;

export interface DownloadOptions extends ImportWatch, Pick<ImportOptions, "withoutComments"> {
  /** Names or patterns of the records; all by default. */
  records?: readonly string[];
}

export class DownloadService {
  readonly #workspace: Workspace;
  readonly #datasets: DatasetService;
  readonly #network: Network;
  readonly #times: ServerTimes;
  readonly #places: DownloadPlaces;
  readonly #running = new Set<string>();
  readonly #contents = new Map<string, ServedDatabase["contents"]>();

  constructor(workspace: Workspace, datasets: DatasetService, network: Network, times: ServerTimes = usualTimes) {
    this.#workspace = workspace;
    this.#datasets = datasets;
    this.#network = network;
    this.#times = times;
    this.#places = new DownloadPlaces(workspace.folder);
  }

  /** Returns what is downloaded of each described database, and the other downloads on the disk. */
  list(): Promise<DownloadState[]> {
    return this.#places.list();
  }

  /**
   * Returns what a database holds, by the server's files. Nothing is written.
   * @param name as {@link parseDatabaseAddress} reads it
   * @throws EctopyError `usage`, `not-found`, `server-unreachable`, `server-refuses`, `server-unsuitable`, `unsafe-path`;
   * CancelledError
   */
  async inspect(name: string, signal: AbortSignal): Promise<DatabaseContents> {
    const address = addressOf(name);
    const remembered = this.#contents.get(formatDatabaseAddress(address));
    return remembered ?? (await this.#read(address, signal)).contents;
  }

  /**
   * Downloads the missing files of a database, checks every file against the server's list, and imports the database.
   * @param name as {@link parseDatabaseAddress} reads it
   * @throws EctopyError as {@link inspect}, `damaged-file`, `disk-full`, `no-access`, `invalid-settings`: the download is
   *   already running; CancelledError
   */
  async download(name: string, { records = [], ...watch }: DownloadOptions): Promise<ImportedDataset> {
    const address = addressOf(name);
    return this.#alone(address, records, async () => {
      let served: ServedDatabase;
      let folder: string;
      try {
        await this.#refuseKnownSize(address, records);
        watch.progress({ stage: "Reading PhysioNet's file list", done: 0, total: 0, unit: "files" });
        served = await this.#read(address, watch.signal);
        const { address: resolved } = served.contents;
        folder = await withSystemErrors(`the download ${this.#places.folder(resolved, records)}`, () =>
          this.#places.open(resolved, records),
        );
        await this.#fetch(served, records, folder, watch);
      } catch (error) {
        if (error instanceof CancelledError) throw stopped();
        throw error;
      }
      const { title, address: resolved } = served.contents;
      const source = physioNetPage(resolved);
      const imported = await this.#datasets.importFrom(folder, { ...watch, name: title, source });
      // The same recordings were imported from elsewhere before: now their source is known.
      if (imported.dataset.source !== source) this.#workspace.datasets.setSource(imported.dataset.id, source);
      await this.#places.remove(folder);
      return { ...imported, dataset: { ...imported.dataset, source } };
    });
  }

  /**
   * Deletes downloaded files that were not imported.
   * @throws EctopyError `usage`; `invalid-settings`: the download is running; `no-access`
   */
  async discard(name: string, records: readonly string[] = []): Promise<void> {
    const address = addressOf(name);
    await this.#alone(address, records, async () => {
      const version = address.version ?? describedVersion(address.name);
      if (version === undefined) return;
      const folder = this.#places.folder({ ...address, version }, records);
      await withSystemErrors(`the download ${folder}`, () => this.#places.remove(folder));
    });
  }

  async #alone<T>(address: DatabaseAddress, records: readonly string[], work: () => Promise<T>): Promise<T> {
    const version = address.version ?? describedVersion(address.name) ?? null;
    const key = JSON.stringify([{ ...address, version }, records]);
    if (this.#running.has(key)) {
      const title = titleOf(address);
      throw new EctopyError("invalid-settings", `The ${title} is being downloaded.`, "Wait for its end, or cancel it.");
    }
    this.#running.add(key);
    try {
      return await work();
    } finally {
      this.#running.delete(key);
    }
  }

  async #read(address: DatabaseAddress, signal: AbortSignal): Promise<ServedDatabase> {
    const { fetch } = this.#network;
    const served = await readContents(chosenServer(), address, { signal, times: this.#times, fetch });
    this.#contents.set(formatDatabaseAddress(address), served.contents);
    if (this.#contents.size > MAX_REMEMBERED) this.#contents.delete(this.#contents.keys().next().value ?? "");
    return served;
  }

  async #fetch(
    served: ServedDatabase,
    patterns: readonly string[],
    folder: string,
    { progress, signal }: ImportWatch,
  ): Promise<void> {
    const { contents, filesOf, sizes } = served;
    const records = chosenRecords(contents, patterns);
    const expected = bytesOfRecords(records);
    await refuseFullDisk(folder, contents.title, expected ?? contents.bytes ?? 0);
    // A failed download cancels the others.
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const server = served.server.with(either);
    const tally = new Tally(expected);
    const files = new Map(records.flatMap(({ name }) => filesOf.of(name)).map((file) => [file.name, file]));
    let done = 0;
    const report = (): void =>
      progress({ stage: "Downloading", done, total: files.size, unit: "files", detail: tally.text() });
    report();
    const fetchOne = async (file: ListedFile): Promise<void> => {
      const onBytes = (onDisk: number, received: number): void => {
        tally.add(file.name, onDisk, received);
        report();
      };
      await fetchFile(server, folder, file, {
        signal: either,
        maxBytes: sizes.get(file.name) ?? MAX_FILE_BYTES,
        onBytes,
      });
      done++;
      report();
    };
    const fetchAll = (some: readonly ListedFile[]): Promise<void> =>
      forEachConcurrently(some, MAX_PARALLEL_FILES, fetchOne, () => failure.abort());
    // Headers first: they name signal files and segments that are not called like the record.
    let headers = [...files.values()].filter(({ name }) => isHeader(name));
    const rest = [...files.values()].filter(({ name }) => !isHeader(name));
    while (headers.length > 0) {
      await fetchAll(headers);
      const next: ListedFile[] = [];
      for (const { name } of headers) {
        for (const file of filesOf.namedBy(name, await readFile(join(folder, name), "latin1"))) {
          if (files.has(file.name)) continue;
          files.set(file.name, file);
          (isHeader(file.name) ? next : rest).push(file);
        }
      }
      headers = next;
    }
    await fetchAll(rest);
  }

  /** Checks the free space for a described database before the server is asked. */
  async #refuseKnownSize({ name, version, path }: DatabaseAddress, records: readonly string[]): Promise<void> {
    const known = Object.values(physioNetDatabases).find((each) => each.name === name);
    if (known === undefined || path !== "" || records.length > 0 || (version ?? known.version) !== known.version)
      return;
    const folder = this.#places.folder({ name, version: known.version, path }, records);
    await refuseFullDisk(folder, known.title, known.bytes, this.#workspace.folder);
  }
}

function isHeader(name: string): boolean {
  return /\.hea$/i.test(name);
}

/** @throws EctopyError `usage` */
function addressOf(name: string): DatabaseAddress {
  const address = parseDatabaseAddress(name);
  if (address !== null) return address;
  throw new EctopyError(
    "usage",
    `“${name}” is no name of a database on PhysioNet.`,
    "Write the name in the address of its page, such as svdb, svdb/1.0.0, or the address itself.",
  );
}

function describedVersion(name: string): string | undefined {
  return Object.values(physioNetDatabases).find((each) => each.name === name)?.version;
}

function titleOf({ name }: DatabaseAddress): string {
  return Object.values(physioNetDatabases).find((each) => each.name === name)?.title ?? `database ${name}`;
}

/** @throws EctopyError `not-found`: a pattern selects no record */
function chosenRecords({ title, records }: DatabaseContents, patterns: readonly string[]): DatabaseContents["records"] {
  const [none] = patternsWithout(records, patterns);
  if (none === undefined) return selectRecords(records, patterns);
  const [first] = records;
  throw new EctopyError(
    "not-found",
    `The ${title} has no record ${none}.`,
    `Its ${formatInteger(records.length)} records have names such as ${first?.name}; * stands for any characters.`,
  );
}

/** Progress of a download: bytes on the disk, and speed. */
class Tally {
  onDisk = 0;
  readonly #expected: number | null;
  readonly #files = new Map<string, number>();
  readonly #startedAt = performance.now();
  #received = 0;

  /** @param expected bytes of all files; null: not known */
  constructor(expected: number | null) {
    this.#expected = expected;
  }

  add(file: string, onDisk: number, received: number): void {
    this.onDisk += onDisk - (this.#files.get(file) ?? 0);
    this.#files.set(file, onDisk);
    this.#received += received;
  }

  /** `31 of 94 MB, 4.2 MB/s` */
  text(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const speed = this.#received === 0 ? "" : `, ${(this.#received / 1e6 / Math.max(seconds, 0.1)).toFixed(1)} MB/s`;
    const expected = this.#expected === null ? "" : ` of ${megabytes(Math.max(this.#expected, this.onDisk))}`;
    return `${megabytes(this.onDisk)}${expected} MB${speed}`;
  }
}

/** Checks the free space: files are on the disk twice until the import ends. @param disk existing folder on the disk */
async function refuseFullDisk(folder: string, title: string, bytes: number, disk = folder): Promise<void> {
  const { bavail, bsize } = await withSystemErrors(`the download ${folder}`, () => statfs(disk));
  const needed = 2 * bytes - Math.min(bytes, await bytesIn(folder));
  if (needed <= bavail * bsize) return;
  throw new EctopyError(
    "disk-full",
    `The import of the ${title} needs ${megabytes(needed)} MB; ${megabytes(bavail * bsize)} MB are free on the disk of the workspace.`,
    "Free some space, or choose another workspace with --workspace.",
  );
}

function megabytes(bytes: number): string {
  return formatInteger(bytes / 1e6);
}

function stopped(): CancelledError {
  return new CancelledError("Cancelled: downloaded files are kept, and the next download resumes.");
}
