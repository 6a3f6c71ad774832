/** ZIP files, each unpacked into a folder; no file may be written outside it. */
import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extractZip } from "../../../../src/main/workers/extract-zip.ts";
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
          await extractZip({ path: archive, folder: cell.folder, name: "archive.zip" });
        } finally {
          // A late failure must count for this case and not for the next.
          await new Promise((resolve) => setImmediate(resolve));
          cell.checkConfined(["archive.zip"]);
          checkTree(cell.folder);
        }
      },
      close: () => cell.remove(),
    };
  },
};

function checkTree(folder: string): void {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    check(entry.isFile() || entry.isDirectory(), `${entry.name} is neither a file nor a folder`);
    if (entry.isFile()) bytes += lstatSync(join(entry.parentPath, entry.name)).size;
  }
  check(bytes <= MAX_UNPACKED_BYTES, `${bytes} bytes were unpacked`);
}
