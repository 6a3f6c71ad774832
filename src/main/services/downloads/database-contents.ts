/** Reads from PhysioNet's server what a database holds: records with their sizes, annotators, licence and citation. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  bytesOfRecords,
  citationsOf,
  physioNetDatabases,
  PHYSIONET_CITATION,
  physioNetPage,
  type DatabaseAddress,
  type DatabaseContents,
} from "../../../contract/domain/physionet.ts";
import {
  FilesOfRecords,
  parseAnnotators,
  parseChecksums,
  parseRecordNames,
  recordsOfFiles,
  type Checksums,
  type ListedFile,
} from "../../../pipeline/recordings/physionet/server-lists.ts";
import {
  isOpenAccess,
  latestVersion,
  licenceName,
  parseDatabasePage,
  parseFolderIndex,
  type DatabasePage,
} from "../../../pipeline/recordings/physionet/server-pages.ts";
import { forEachConcurrently } from "../../base/for-each-concurrently.ts";
import { BrokenOff, NoFile, PhysioNetServer, type AskedDatabase, type ServerOptions } from "./physionet-server.ts";

const CHECKSUMS = "SHA256SUMS.txt";
export const RECORDS = "RECORDS";
const ANNOTATORS = "ANNOTATORS";
const LICENCE = "LICENSE.txt";
/** Limit on a list: two hundred bytes for each of five hundred thousand files. */
const MAX_LIST_BYTES = 100_000_000;
const MAX_PAGE_BYTES = 5_000_000;
const MAX_SMALL_FILE_BYTES = 200_000;
/** Lists of records in subfolders. */
const MAX_LISTS = 2000;
/** Folders whose index is read for the sizes of files, and files whose size is asked for singly. */
const MAX_INDEXES = 300;
const MAX_SIZE_REQUESTS = 300;
/** More parallel requests gain little, and PhysioNet serves many users. */
const MAX_PARALLEL = 4;

/** A database on the server, with the files of each record. */
export interface ServedDatabase {
  contents: DatabaseContents;
  server: PhysioNetServer;
  filesOf: FilesOfRecords;
  /** Sizes of files in bytes, as far as the server says. */
  sizes: ReadonlyMap<string, number>;
}

/**
 * @throws EctopyError `not-found`: no such database, version or folder; `server-unreachable`, `server-refuses`,
 * `server-unsuitable`, `unsafe-path`; CancelledError
 */
export async function readContents(
  base: URL,
  address: DatabaseAddress,
  options: ServerOptions,
): Promise<ServedDatabase> {
  const known = Object.values(physioNetDatabases).find(({ name }) => name === address.name);
  const isKnown = known !== undefined && (address.version === null || address.version === known.version);
  const { name } = address;
  const serverOf = (asked: Omit<AskedDatabase, "name">): PhysioNetServer =>
    new PhysioNetServer(base, { name, ...asked }, options);
  const first = serverOf({
    version: isKnown ? known.version : address.version,
    title: known?.title ?? `database ${name}`,
  });
  try {
    const page = isKnown ? null : await readPage(first);
    if (page !== null && !isOpenAccess(page.access)) throw first.refused(page.access);
    const version = isKnown ? known.version : (address.version ?? page?.version ?? "");
    const resolved = version === "" ? await latestOnServer(first, name) : version;
    const title = isKnown ? known.title : page === null || page.title === "" ? name : page.title;
    const server = serverOf({ version: resolved, title });
    const checksums = await readChecksums(server, { ...address, version: resolved });
    const records = within(await readRecords(server, checksums, address.path), address);
    const filesOf = new FilesOfRecords(checksums);
    const files = new Map(records.map((record) => [record, filesOf.of(record)]));
    const sizes = await readSizes(server, [...files.values()].flat());
    const listed = records.map((record) => ({ name: record, ...tally(files.get(record)!, sizes) }));
    const bytes = bytesOfRecords(listed);
    const contents: DatabaseContents = {
      address: { ...address, version: resolved },
      title,
      licence: isKnown ? known.licence.name : await licenceOf(server, checksums, page),
      doi: isKnown ? known.doi : (page?.doi ?? ""),
      citations: isKnown ? citationsOf(known) : citationsFor({ name, version: resolved, title }, page),
      annotators: checksums.has(ANNOTATORS) ? parseAnnotators(await smallText(server, ANNOTATORS)) : [],
      records: listed,
      // The server's total covers all files, so it is an upper bound.
      bytes: bytes ?? (address.path === "" ? (page?.bytes ?? null) : null),
    };
    return { contents, server, filesOf, sizes };
  } catch (error) {
    // Requested once: an unreachable server is reported at once.
    throw error instanceof BrokenOff ? first.unreachable(error) : error;
  }
}

/** Returns the database's page; null where the server has no pages, as a mirror. */
async function readPage(server: PhysioNetServer): Promise<DatabasePage | null> {
  try {
    const { html, address } = await server.page(MAX_PAGE_BYTES);
    const page = parseDatabasePage(html);
    const version = /\/content\/[^/]+\/(\d+(?:\.\d+){1,3})\/?$/.exec(address.pathname)?.[1];
    return { ...page, version: version ?? page.version };
  } catch (error) {
    if (error instanceof NoFile) return null;
    throw error;
  }
}

/** Returns the latest version of the folder's index. */
async function latestOnServer(server: PhysioNetServer, name: string): Promise<string> {
  let version: string | null = null;
  try {
    version = latestVersion(parseFolderIndex(await server.text("", MAX_PAGE_BYTES)).folders);
  } catch (error) {
    if (!(error instanceof NoFile)) throw error;
  }
  if (version !== null) return version;
  throw new EctopyError(
    "not-found",
    `PhysioNet has no database named ${name}.`,
    "Databases and their names, the last part of their addresses, are listed at https://physionet.org/about/database/.",
  );
}

async function readChecksums(
  server: PhysioNetServer,
  { name, version }: { name: string; version: string },
): Promise<Checksums> {
  let text: string;
  try {
    text = await server.text(CHECKSUMS, MAX_LIST_BYTES);
  } catch (error) {
    if (!(error instanceof NoFile)) throw error;
    throw new EctopyError(
      "not-found",
      `PhysioNet has no list of files (${CHECKSUMS}) of ${name}, version ${version}.`,
      `Check the name and the version at ${physioNetPage({ name, version })}.`,
    );
  }
  return parseChecksums(text);
}

/** Returns the records by the list of the folder, and by the lists that it names. */
async function readRecords(server: PhysioNetServer, checksums: Checksums, path: string): Promise<string[]> {
  const own = path === "" ? "" : `${path}/`;
  const start = checksums.has(`${own}${RECORDS}`) ? own : "";
  if (!checksums.has(`${start}${RECORDS}`)) {
    const records = recordsOfFiles(checksums);
    if (records.length > 0) return records;
    throw server.unsuitable(`its ${CHECKSUMS} lists no records`);
  }
  const records = new Set<string>();
  const lists = [start];
  for (let at = 0; at < lists.length; at++) {
    if (at >= MAX_LISTS) throw server.unsuitable(`it has more than ${MAX_LISTS} lists of records`);
    const folder = lists[at];
    const list = parseRecordNames(await server.text(`${folder}${RECORDS}`, MAX_LIST_BYTES), folder);
    for (const record of list.records) records.add(record);
    for (const below of list.folders) {
      if (checksums.has(`${below}${RECORDS}`)) {
        if (!lists.includes(below)) lists.push(below);
      } else for (const record of recordsOfFiles(checksums)) if (record.startsWith(below)) records.add(record);
    }
  }
  return [...records];
}

function within(records: readonly string[], { name, path }: DatabaseAddress): string[] {
  const below = records.filter((record) => path === "" || record.startsWith(`${path}/`) || record === path);
  if (below.length > 0) return below;
  throw new EctopyError("not-found", `${name} has no records in ${path}.`, "Check the folder on the database's page.");
}

/** Returns the sizes of files: by the index of each folder, else by asking for each file. */
async function readSizes(server: PhysioNetServer, files: readonly ListedFile[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const folders = new Set(files.map(({ name }) => name.slice(0, name.lastIndexOf("/") + 1)));
  if (folders.size > MAX_INDEXES) return sizes;
  await forEachConcurrently([...folders], MAX_PARALLEL, async (folder) => {
    const html = await unlessMissing(server.text(folder, MAX_LIST_BYTES));
    for (const [name, bytes] of parseFolderIndex(html ?? "").files) sizes.set(`${folder}${name}`, bytes);
  });
  const missing = files.filter(({ name }) => !sizes.has(name));
  if (missing.length > MAX_SIZE_REQUESTS) return sizes;
  await forEachConcurrently(missing, MAX_PARALLEL, async ({ name }) => {
    const bytes = await unlessMissing(server.size(name));
    if (bytes !== null) sizes.set(name, bytes);
  });
  return sizes;
}

/** Sizes are no reason to fail: a server may have no index, or refuse to name sizes. */
async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoFile) return null;
    throw error;
  }
}

function tally(
  files: readonly ListedFile[],
  sizes: ReadonlyMap<string, number>,
): { files: number; bytes: number | null } {
  let bytes: number | null = 0;
  for (const { name } of files) {
    const size = sizes.get(name);
    bytes = bytes === null || size === undefined ? null : bytes + size;
  }
  return { files: files.length, bytes };
}

async function licenceOf(server: PhysioNetServer, checksums: Checksums, page: DatabasePage | null): Promise<string> {
  if (page !== null && page.licence !== "") return page.licence;
  return checksums.has(LICENCE) ? licenceName(await smallText(server, LICENCE)) : "";
}

function citationsFor(
  { name, version, title }: { name: string; version: string; title: string },
  page: DatabasePage | null,
): string[] {
  const found = page?.citations ?? [];
  const doi = page === null || page.doi === "" ? "" : ` doi:${page.doi}`;
  const others = found.filter((citation) => !/PhysioBank, PhysioToolkit/i.test(citation));
  const first =
    others.length > 0
      ? others
      : [`${title} (version ${version}). PhysioNet.${doi} ${physioNetPage({ name, version })}`];
  return [...first, PHYSIONET_CITATION];
}

function smallText(server: PhysioNetServer, file: string): Promise<string> {
  return server.text(file, MAX_SMALL_FILE_BYTES);
}
