/**
 * The two lists that PhysioNet keeps beside a database's files: `RECORDS`, a record's name a line, and `SHA256SUMS.txt`, as sha256sum(1)
 * writes it. They come from the network: any text gives a list or a named error.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quote } from "../wfdb/faults.ts";
import { isPlainFileName } from "../wfdb/file-name.ts";

/** SHA-256 in lower-case hexadecimal, by path below the database's folder. */
export type Checksums = ReadonlyMap<string, string>;

/** A file that is needed, and what its bytes must hash to. */
export interface ListedFile {
  name: string;
  sha256: string;
}

/** What the import reads of a record: header, signals, reference annotations. */
const endings = ["hea", "dat", "atr"] as const;
/** No database of PhysioNet has nearly as many; a list that is longer is none. */
const MOST_RECORDS = 10_000;

/** `HASH  path` a line; `HASH *path` where it was read as binary. Lines of another form, such as signatures, are passed over. */
export function parseChecksums(text: string): Checksums {
  const checksums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/i.exec(line) ?? [];
    if (sha256 !== undefined) checksums.set(path, sha256.toLowerCase());
  }
  return checksums;
}

/**
 * Names of records, each once, in the list's order.
 * @throws EctopyError `unsafe-path`: a name that could lead outside the folder; `server-unsuitable`: no such list
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
        `The list of records holds ${quote(name)}, which is no record's name.`,
        "Nothing was fetched under that name. Download the database's ZIP file with a browser and import it.",
      );
    }
    if (names.add(name).size > MOST_RECORDS) throw noList(`more than ${MOST_RECORDS} records`);
  }
  if (names.size === 0) throw noList("an empty list of records");
  return [...names];
}

/**
 * The files to fetch, record by record. Only names made of a record's name are ever asked for: what else the server lists stays there.
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
    `What answers in PhysioNet's place sends ${what}.`,
    "A sign-in page of the network may stand between: open physionet.org in a browser, then try again.",
  );
}
