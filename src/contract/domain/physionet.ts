/**
 * Databases of PhysioNet: three that are described here, and any other by its name. The server's files describe the
 * others when they are needed (`DatabaseContents`).
 *
 * Described are databases whose records can be prepared unchanged: each beat's class annotated in `.atr`, one rate for
 * all signals. Sources of all numbers: headers of the records, PhysioNet's pages
 * (https://physionet.org/content/NAME/VERSION/).
 */
import { z } from "zod";

export const physioNetNames = ["mitdb", "svdb", "incartdb"] as const;
export type PhysioNetName = (typeof physioNetNames)[number];

export interface PhysioNetDatabase {
  /** PhysioNet's short name, part of its addresses. */
  name: PhysioNetName;
  version: string;
  title: string;
  /** One sentence about the recordings. */
  about: string;
  records: number;
  /** Minutes of each record, rounded. */
  minutes: number;
  leads: number;
  /** In Hz. */
  rate: number;
  /**
   * Size of signals and annotations in bytes, rounded to a million: samples × leads × records × bytes per sample (212:
   * 1.5, 16: 2).
   */
  bytes: number;
  licence: { name: string; short: string };
  doi: string;
  /** Publication to cite for the database, beside {@link PHYSIONET_CITATION}. */
  citation: string;
}

/** Publication to cite for PhysioNet, with each of its databases. */
export const PHYSIONET_CITATION =
  "Goldberger AL, Amaral LAN, Glass L, et al. PhysioBank, PhysioToolkit, and PhysioNet: components of a new research resource for complex physiologic signals. Circulation 101(23):e215-e220, 2000.";

const ODC_BY = { name: "Open Data Commons Attribution License v1.0", short: "ODC-By 1.0" };

export const physioNetDatabases: Readonly<Record<PhysioNetName, PhysioNetDatabase>> = {
  mitdb: {
    name: "mitdb",
    version: "1.0.0",
    title: "MIT-BIH Arrhythmia Database",
    about: "Ambulatory recordings of 47 patients: 23 drawn at random, 25 chosen for rarer arrhythmias.",
    records: 48,
    minutes: 30,
    leads: 2,
    rate: 360,
    // 650,000 samples
    bytes: 94e6,
    licence: ODC_BY,
    doi: "10.13026/C2F305",
    citation:
      "Moody GB, Mark RG. The impact of the MIT-BIH Arrhythmia Database. IEEE Eng in Med and Biol 20(3):45-50, 2001.",
  },
  svdb: {
    name: "svdb",
    version: "1.0.0",
    title: "MIT-BIH Supraventricular Arrhythmia Database",
    about: "Made to supplement the examples of supraventricular arrhythmias in the MIT-BIH Arrhythmia Database.",
    records: 78,
    minutes: 30,
    leads: 2,
    rate: 128,
    // 230,400 samples
    bytes: 54e6,
    licence: ODC_BY,
    doi: "10.13026/C2V30W",
    citation:
      "Greenwald SD. Improved detection and classification of arrhythmias in noise-corrupted electrocardiograms using contextual information. Ph.D. thesis, Harvard-MIT Division of Health Sciences and Technology, 1990.",
  },
  incartdb: {
    name: "incartdb",
    version: "1.0.0",
    title: "St Petersburg INCART 12-lead Arrhythmia Database",
    about:
      "From 32 Holter recordings of patients examined for coronary artery disease, most with ventricular ectopic beats.",
    records: 75,
    minutes: 30,
    leads: 12,
    rate: 257,
    // 462,600 samples
    bytes: 833e6,
    licence: ODC_BY,
    doi: "10.13026/C2V88N",
    citation:
      "Tihonenko V, Khaustov A, Ivanov S, Rivin A, Yakushenko E. St Petersburg INCART 12-lead Arrhythmia Database (version 1.0.0). PhysioNet, 2008. doi:10.13026/C2V88N.",
  },
};

/** Returns all citations of a database. */
export function citationsOf({ citation }: Pick<PhysioNetDatabase, "citation">): string[] {
  return [citation, PHYSIONET_CITATION];
}

/** Returns the page of a database, which is the source of its dataset. */
export function physioNetPage({ name, version }: { name: string; version: string }): string {
  return `https://physionet.org/content/${name}/${version}/`;
}

/** Returns the database of a dataset, by the dataset's source. */
export function physioNetDatabaseOf(source: string): PhysioNetDatabase | undefined {
  return Object.values(physioNetDatabases).find((database) => physioNetPage(database) === source);
}

/** A database to cite. */
export interface CitedDatabase {
  name: string;
  citation: string;
}

/** Returns the citation of a dataset's database, also of one that is not described here; by the dataset's source. */
export function citedDatabaseOf(source: string): CitedDatabase | undefined {
  const described = physioNetDatabaseOf(source);
  if (described !== undefined) return described;
  const [page, name, version] =
    /^https:\/\/physionet\.org\/content\/([\w-]{1,100})\/([\d.]{1,20})\/$/.exec(source) ?? [];
  if (name === undefined) return undefined;
  return { name, citation: `Database ${name} (version ${version}). PhysioNet. ${page}` };
}

/** A database on PhysioNet, and a folder of it. */
export interface DatabaseAddress {
  name: string;
  /** Null: the latest. */
  version: string | null;
  /** Folder below the version, without slashes at its ends; empty: the whole database. */
  path: string;
}

const MAX_ADDRESS_CHARACTERS = 400;

/** Parses `NAME`, `NAME/VERSION`, `NAME/VERSION/FOLDER` or an address of PhysioNet's pages; null: another text. */
export function parseDatabaseAddress(text: string): DatabaseAddress | null {
  const plain = text
    .trim()
    .replace(/^https?:\/\/(www\.)?physionet\.org\/(content|files|static\/published-projects)\//i, "")
    .replace(/[?#].*$/, "")
    .replace(/^\/+|\/+$/g, "");
  if (plain.length > MAX_ADDRESS_CHARACTERS) return null;
  const [name = "", second, ...rest] = plain.split("/");
  if (!/^[a-z\d][a-z\d-]{0,99}$/i.test(name)) return null;
  const version = second !== undefined && /^\d+(\.\d+){1,3}$/.test(second) ? second : null;
  const path = version === null && second !== undefined ? [second, ...rest] : rest;
  if (!path.every((folder) => /^[\w+-][\w.+-]{0,99}$/.test(folder))) return null;
  return { name: name.toLowerCase(), version, path: path.join("/") };
}

/** Returns the shortest text that {@link parseDatabaseAddress} reads as the address. */
export function formatDatabaseAddress({ name, version, path }: DatabaseAddress): string {
  return [name, version, path].filter((part) => part !== null && part !== "").join("/");
}

export const databaseAddressSchema = z
  .string()
  .max(MAX_ADDRESS_CHARACTERS + 100)
  .refine((text) => parseDatabaseAddress(text) !== null, "A database's name on PhysioNet is needed, such as svdb.");

/** Names of records; `*` stands for any characters. Empty: all records. */
export const recordPatternsSchema = z.array(z.string().min(1).max(300)).max(100_000);

/** A record and its files on the server. */
export interface ListedRecord {
  /** Path below the version's folder, without the ending: `100`, `x_mitdb/x_108`. */
  name: string;
  files: number;
  /** Bytes of all files; null: the server does not say. */
  bytes: number | null;
}

/** The contents of a database, by the server's files. */
export interface DatabaseContents {
  /** With the version. */
  address: DatabaseAddress & { version: string };
  title: string;
  /** First line of the licence; empty: the server names none. */
  licence: string;
  /** Without `doi:`; empty: none. */
  doi: string;
  citations: string[];
  /** Annotators with their descriptions, by the file ANNOTATORS. */
  annotators: { name: string; about: string }[];
  records: ListedRecord[];
  /** Bytes of all records; null where a size is missing. */
  bytes: number | null;
}

/** Returns the records that patterns select, in the order of the list. @param patterns empty: all */
export function selectRecords<T extends { name: string }>(records: readonly T[], patterns: readonly string[]): T[] {
  if (patterns.length === 0) return [...records];
  const tests = patterns.map(patternTest);
  return records.filter(({ name }) => tests.some((matches) => matches(name)));
}

/** Returns the patterns that select no record. */
export function patternsWithout(records: readonly { name: string }[], patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !records.some(({ name }) => patternTest(pattern)(name)));
}

function patternTest(pattern: string): (name: string) => boolean {
  if (!pattern.includes("*")) return (name) => name === pattern;
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  // By hand: a pattern of a user must not become a regular expression that takes exponential time.
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}

/** Sum of the sizes of records; null where one is not known. */
export function bytesOfRecords(records: readonly ListedRecord[]): number | null {
  let sum = 0;
  for (const { bytes } of records) {
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}

/** Size from which a download is confirmed, in bytes. */
export const LARGE_DOWNLOAD_BYTES = 1e9;

/** Returns the title of the download job of a database. @param address as the job was started with */
export function downloadTitle(address: string): string {
  const known = Object.values(physioNetDatabases).find(({ name, version }) =>
    [name, `${name}/${version}`].includes(address),
  );
  return `Download of ${known?.title ?? address}`;
}

/** A download, or what is on this machine of one. */
export interface DownloadState {
  /** Address of the database, as {@link parseDatabaseAddress} reads it. */
  name: string;
  /** Names or patterns of the records; empty: all. */
  records: string[];
  /** Bytes on this machine, from which the download can resume; 0: none. */
  bytes: number;
}
