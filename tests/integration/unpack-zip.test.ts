/** ZIP files of recordings: taken in whole, or refused with the reason; nothing leaves the folder. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../src/contract/errors.ts";
import { unpackZip } from "../../src/main/jobs/unpack-zip.ts";
import { sampleFiles } from "../support/sample-records.ts";
import { zipOf, type ZipEntry } from "../support/zip.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-zip-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

async function unpack(bytes: Uint8Array, signal = new AbortController().signal): Promise<string> {
  const path = join(root, `${++count}.zip`);
  const folder = join(root, `out ${count}`);
  writeFileSync(path, bytes);
  mkdirSync(folder);
  await unpackZip(path, folder, { progress: () => {}, signal });
  return folder;
}

describe("unpackZip", () => {
  it("gives the very files, in their folders", async () => {
    const files = [...sampleFiles("s01")].map(([name, bytes]) => ({ name: `mitdb/${name}`, bytes, deflate: true }));
    const folder = await unpack(zipOf([{ name: "mitdb/", bytes: new Uint8Array() }, ...files]));
    for (const { name, bytes } of files) expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
  });

  it("leaves archives in the archive, and what macOS adds, where they are", async () => {
    const entries = ["a.hea", "inner.zip", "inner.TAR", "x.gz", "__MACOSX/._a.hea"].map((name) => ({
      name,
      bytes: text("x"),
    }));
    expect(readdirSync(await unpack(zipOf(entries)))).toEqual(["a.hea"]);
  });

  const refused: [string, ZipEntry, string][] = [
    ["a name that climbs", { name: "../out.hea", bytes: text("x") }, "unsafe-path"],
    ["a name that climbs inside", { name: "a/../../out.hea", bytes: text("x") }, "unsafe-path"],
    ["an absolute name", { name: "/tmp/out.hea", bytes: text("x") }, "unsafe-path"],
    ["a Windows drive", { name: "C:/out.hea", bytes: text("x") }, "unsafe-path"],
    ["a link", { name: "a.hea", bytes: text("/etc/passwd"), mode: 0o120777 }, "unsafe-path"],
    ["a password", { name: "a.hea", bytes: text("x"), flags: 1, deflate: true }, "unsupported"],
    ["a bomb", { name: "a.dat", bytes: new Uint8Array(60_000_000), deflate: true }, "unsupported"],
  ];
  it.each(refused)("refuses %s", async (_, entry, code) => {
    await expect(unpack(zipOf([{ name: "ok.hea", bytes: text("x") }, entry]))).rejects.toMatchObject({ code });
    expect(readdirSync(join(root, `out ${count}`))).toEqual([]);
    expect(existsSync(join(root, "out.hea"))).toBe(false);
  });

  it("refuses an entry that holds more than it says, and one whose bytes were changed", async () => {
    const zip = zipOf([{ name: "a.dat", bytes: new Uint8Array(100_000), deflate: true }]);
    const lying = Buffer.from(zip);
    // Uncompressed size, in the directory: 24 bytes into its entry (APPNOTE.TXT 4.3.12).
    lying.writeUInt32LE(10, zip.indexOf("PK\x01\x02", 0, "latin1") + 24);
    await expect(unpack(lying)).rejects.toMatchObject({ code: "damaged-file" });
    const cut = Buffer.from(zip);
    cut.fill(0xff, 40, 60);
    await expect(unpack(cut)).rejects.toMatchObject({ code: "damaged-file" });
  });

  it("stops when it is asked to", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(unpack(zipOf([{ name: "a.hea", bytes: text("x") }]), abort.signal)).rejects.toMatchObject({
      name: "CancelledError",
    });
  });

  it("says in words what is wrong with any other bytes", async () => {
    const zip = zipOf([
      { name: "a.hea", bytes: text("hello") },
      { name: "b.dat", bytes: text("there"), deflate: true },
    ]);
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.nat(zip.length - 1), fc.nat(255)).map(([place, byte]) => {
        const changed = new Uint8Array(zip);
        changed[place] = byte;
        return changed;
      }),
      fc.nat(zip.length - 1).map((end) => new Uint8Array(zip.subarray(0, end))),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        try {
          await unpack(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
