/** ZIP files: each file of one is read, by memory or by a temporary folder; no file may be written outside it. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { piecesOf } from "../../../../src/main/workers/file-bytes.ts";
import { inFolder } from "../../../../src/main/workers/open-folder.ts";
import type { ZipEntry as PackedFile } from "../../../../src/main/workers/zip-entry.ts";
import { listZipTree } from "../../../../src/main/workers/zip-tree.ts";
import { zipOf, type ZipEntry } from "../../../../tests/support/zip.ts";
import { Cell } from "../folders.ts";
import { check, FEW_INPUTS, utf8, type Input, type Target } from "../target.ts";

/** Largest unpacked size of an example and of its mutations, in bytes. */
const MAX_UNPACKED_BYTES = 100_000_000;

const entries: readonly (readonly ZipEntry[])[] = [
  [
    { name: "db/r1.hea", bytes: utf8("r1 1 360 4\nr1.dat 16\n") },
    { name: "db/r1.dat", bytes: Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0), deflate: true },
    { name: "db/", bytes: new Uint8Array(0), mode: 0o40755 },
  ],
  [{ name: "r2.dat", bytes: new Uint8Array(3000).fill(7), deflate: true }],
];

export const zipTarget: Target = {
  name: "zip",
  inputs: FEW_INPUTS,
  parts: { "archive.zip": "bytes" },
  tokens: [
    "PK\u0001\u0002",
    "PK\u0003\u0004",
    "PK\u0005\u0006",
    "PK\u0006\u0006",
    "../",
    "/",
    "\\",
    "..",
    "\u0000",
    "C:",
    "db/r1.hea",
  ],
  examples: () => entries.map((each): Input => [zipOf(each)]),
  open() {
    const cell = new Cell();
    return {
      async read([bytes]) {
        cell.reset();
        const archive = join(cell.folder, "..", "..", "archive.zip");
        writeFileSync(archive, bytes);
        try {
          const { folders } = await listZipTree({ path: archive, name: "archive.zip" });
          for (const { entries } of folders) await readAll(entries, archive, cell.folder);
        } finally {
          // A late failure must count for this case and not for the next.
          await new Promise((resolve) => setImmediate(resolve));
          cell.checkConfined(["archive.zip"]);
          check(readdirSync(cell.folder).length === 0, "a temporary file is left");
        }
      },
      close: () => cell.remove(),
    };
  },
};

/** Reads the files of one folder. @throws EctopyError for the first damaged one */
function readAll(entries: readonly PackedFile[], path: string, scratch: string): Promise<void> {
  return inFolder({ path, archive: "archive.zip", entries, scratch }, (folder) => {
    let bytes = 0;
    for (const { name, size, crc } of entries) {
      let sum = 0;
      for (const piece of piecesOf(folder.open(name))) {
        bytes += piece.length;
        sum = crc32(piece, sum);
      }
      check(sum === crc, `${name} has other bytes than the archive`);
      check((folder.firstBytes(name, 10)?.length ?? 0) === Math.min(10, size), "too few first bytes");
    }
    check(bytes <= MAX_UNPACKED_BYTES, `${bytes} bytes were unpacked`);
  });
}
