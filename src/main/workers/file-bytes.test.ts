import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { FileBytes, piecesOf } from "./file-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-file-bytes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "r.dat");
/** Two and a half blocks. */
const bytes = Uint8Array.from({ length: 2_600_000 }, (_, i) => (i * 31) >> 3);

describe("FileBytes", () => {
  it("returns the same bytes as a Uint8Array, in any order of requests", () => {
    writeFileSync(path, bytes);
    const file = new FileBytes(path, bytes.length);
    const place = fc.nat(bytes.length + 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(1_500_000)), { maxLength: 6 }), (asked) => {
        for (const [from, count] of asked) {
          const expected = bytes.subarray(from, from + count);
          expect(Buffer.compare(file.subarray(from, from + count), expected)).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
    expect(Buffer.concat([...piecesOf(file)].map((piece) => Buffer.from(piece))).equals(bytes)).toBe(true);
  });

  it("reports a file that became shorter, or was deleted, in the meantime", () => {
    writeFileSync(path, bytes);
    const file = new FileBytes(path, bytes.length);
    expect(file.subarray(0, 4)).toHaveLength(4);
    truncateSync(path, 2_000_000);
    expect(() => file.subarray(2_000_000, 2_600_000)).toThrow(/r\.dat became shorter/);
    rmSync(path);
    expect(() => file.subarray(2_000_000, 2_600_000)).toThrow(/Not found: file r\.dat/);
  });
});
