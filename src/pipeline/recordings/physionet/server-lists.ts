/**
 * Parses PhysioNet's lists of a database: `RECORDS`, one record name per line, and `SHA256SUMS.txt` in the format of
 * sha256sum(1). They come from the network: any text yields a list or an EctopyError.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quote } from "../wfdb/faults.ts";
import { isPlainFileName } from "../wfdb/file-name.ts";

/** SHA-256 in lower-case hexadecimal, by path below the database's folder. */
export type Checksums = ReadonlyMap<string, string>;

/** A required file and its hash. */
export interface ListedFile {
  name: string;
  sha256: string;
}

/** File endings of a record that the import reads: header, signals, reference annotations. */
const endings = ["hea", "dat", "atr"] as const;
/** Upper bound of a list: no database of PhysioNet has nearly as many records. */
const MAX_RECORDS = 10_000;

/** Parses lines `HASH  path`, or `HASH *path` for binary mode. Other lines, such as signatures, are ignored. */
export function parseChecksums(text: string): Checksums {
  const checksums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/i.exec(line) ?? [];
    if (sha256 !== undefined) checksums.set(path, sha256.toLowerCase());
  }
  return checksums;
}

/**
 * Returns the names of records, each once, in the list's order.
 * @throws EctopyError `unsafe-path`: a name that could lead outside the folder; `server-unsuitable`: another kind of
 * text
 */
export function parseRecordNames(text: string): string[] {
  if (text.trimStart().startsWith("<")) throw noList("a page, not the list of records");
  const names = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const name = line.trim();
    if (name === "") continue;
    if (!/^[\w-]{1,100}$/.test(name) || !isPlainFileName(name)) {
      throw new EctopyError(
        "unsafe-path",
        `The list of records has ${quote(name)}, which is not a valid record name.`,
        "Nothing was downloaded under that name. Download the database's ZIP file with a browser and import it.",
      );
    }
    if (names.add(name).size > MAX_RECORDS) throw noList(`more than ${MAX_RECORDS} records`);
  }
  if (names.size === 0) throw noList("an empty list of records");
  return [...names];
}

/**
 * Returns the files to download, by record. Their names are derived from record names only; other listed files are not
 * downloaded.
 * @throws EctopyError `server-unsuitable`: a file has no checksum
 */
export function filesOfRecords(names: readonly string[], checksums: Checksums): ListedFile[] {
  return names.flatMap((record) =>
    endings.map((ending) => {
      const name = `${record}.${ending}`;
      const sha256 = checksums.get(name);
      if (sha256 === undefined) throw noList(`no checksum for ${name}`);
      return { name, sha256 };
    }),
  );
}

function noList(what: string): EctopyError {
  return new EctopyError(
    "server-unsuitable",
    `The server at PhysioNet's address sent ${what}.`,
    "The network may require a sign-in: open physionet.org in a browser, then try again.",
  );
}
