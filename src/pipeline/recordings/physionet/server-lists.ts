/**
 * Parses PhysioNet's lists of a database: `RECORDS`, one record name per line; `ANNOTATORS`, a name and a description
 * per line; and `SHA256SUMS.txt` in the format of sha256sum(1). They come from the network: any text yields a list or
 * an EctopyError.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quote } from "../wfdb/faults.ts";
import { isPlainFileName } from "../wfdb/file-name.ts";

/** SHA-256 in lower-case hexadecimal, by path below the database's folder. */
export type Checksums = ReadonlyMap<string, string>;

/** A required file and its hash. */
export interface ListedFile {
  /** Path below the database's folder. */
  name: string;
  sha256: string;
}

/** Records, and folders with further lists. */
export interface RecordList {
  records: string[];
  /** Paths that end with `/`: each of these folders has a list. */
  folders: string[];
}

/** Files beside a record that hold no signals and no annotations: pages, pictures, notes, previews of LightWAVE. */
const otherEndings = new Set(
  "html htm png gif jpg jpeg svg pdf ps txt md csv tsv xls xlsx zip gz xws tex py m".split(" "),
);
/** Upper bound of a list: the largest open databases have about as many records. */
const MAX_RECORDS = 200_000;
const MAX_DEPTH = 12;

/** Parses lines `HASH  path`, or `HASH *path` for binary mode. Other lines, such as signatures, are ignored. */
export function parseChecksums(text: string): Checksums {
  const checksums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/i.exec(line) ?? [];
    if (sha256 !== undefined) checksums.set(path, sha256.toLowerCase());
  }
  return checksums;
}

/**
 * Returns the names of a list, each once, in the list's order.
 * @param within folder of the list below the database's folder; empty, or with `/` at its end
 * @throws EctopyError `unsafe-path`: a name that could lead outside the folder; `server-unsuitable`: another kind of
 * text
 */
export function parseRecordNames(text: string, within = ""): RecordList {
  if (text.trimStart().startsWith("<")) throw noList("a page, not the list of records");
  const records = new Set<string>();
  const folders = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const name = line.trim();
    if (name === "") continue;
    const path = `${within}${name.replace(/^\.\//, "")}`;
    if (!isSafePath(path.replace(/\/$/, ""))) {
      throw new EctopyError(
        "unsafe-path",
        `The list of records has ${quote(name)}, which is not a valid record name.`,
        "Nothing was downloaded under that name. Download the database's ZIP file with a browser and import it.",
      );
    }
    (path.endsWith("/") ? folders : records).add(path);
    if (records.size + folders.size > MAX_RECORDS) throw noList(`more than ${MAX_RECORDS} records`);
  }
  if (records.size + folders.size === 0) throw noList("an empty list of records");
  return { records: [...records], folders: [...folders] };
}

/** Returns whether a path stays below its folder on every system: plain names, with `/` between them. */
export function isSafePath(path: string): boolean {
  const names = path.split("/");
  return (
    names.length <= MAX_DEPTH &&
    names.every((name) => /^[\w+-][\w.+=-]{0,99}$/.test(name) && !name.endsWith(".") && isPlainFileName(name))
  );
}

/** Returns the records of a database without a list: its headers, and its EDF and BDF files, by their names. */
export function recordsOfFiles(checksums: Checksums): string[] {
  const records = [...checksums.keys()]
    .filter((path) => isSafePath(path) && /\.(hea|edf|bdf)$/i.test(path))
    .map((path) => path.replace(/\.hea$/i, ""));
  return [...new Set(records)].slice(0, MAX_RECORDS);
}

/** Annotators and what they annotated: `atr`, a tab or spaces, and a description. */
export function parseAnnotators(text: string): { name: string; about: string }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, about = ""] = /^([\w.+-]{1,30})(?:\s+(.{0,300}))?/.exec(line.trim()) ?? [];
    return name === undefined ? [] : [{ name, about: about.trim() }];
  });
}

/** Files by the path of their record: the path without the last ending, and with it. */
export class FilesOfRecords {
  readonly #checksums: Checksums;
  readonly #byStem = new Map<string, string[]>();

  constructor(checksums: Checksums) {
    this.#checksums = checksums;
    for (const path of checksums.keys()) {
      const slash = path.lastIndexOf("/");
      // `chb01_03.edf.seizures` belongs to `chb01_03.edf` and to `chb01_03`.
      for (let dot = path.indexOf(".", slash + 2); dot >= 0; dot = path.indexOf(".", dot + 1)) {
        const stem = path.slice(0, dot);
        const files = this.#byStem.get(stem);
        if (files === undefined) this.#byStem.set(stem, [path]);
        else files.push(path);
      }
    }
  }

  /**
   * Returns the files of a record: header, signals, and the annotations of every annotator.
   * @throws EctopyError `server-unsuitable`: the record has no file in the list of checksums
   */
  of(record: string): ListedFile[] {
    const stem = /\.(edf|bdf)$/i.test(record) ? record.slice(0, -4) : record;
    const paths = [...(this.#checksums.has(record) ? [record] : []), ...(this.#byStem.get(stem) ?? [])];
    const files = [...new Set(paths)]
      .filter((path) => isSafePath(path) && !otherEndings.has(path.slice(path.lastIndexOf(".") + 1).toLowerCase()))
      .map((name) => ({ name, sha256: this.#checksums.get(name)! }));
    if (files.length === 0) throw noList(`no checksum for ${record}.hea`);
    return files;
  }

  /**
   * Returns the files that a header names beside its record's: signal files with other names, and segments.
   * @param text of the header
   */
  namedBy(header: string, text: string): ListedFile[] {
    const folder = header.slice(0, header.lastIndexOf("/") + 1);
    const [, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const names = new Set(lines.map((line) => `${folder}${line.trim().split(/\s+/)[0]}`));
    return [...names].flatMap((name) => {
      if (!isSafePath(name)) return [];
      const sha256 = this.#checksums.get(name);
      if (sha256 !== undefined) return [{ name, sha256 }];
      return this.#checksums.has(`${name}.hea`) ? this.of(name) : [];
    });
  }
}

function noList(what: string): EctopyError {
  return new EctopyError(
    "server-unsuitable",
    `The server at PhysioNet's address sent ${what}.`,
    "The network may require a sign-in: open physionet.org in a browser, then try again.",
  );
}
