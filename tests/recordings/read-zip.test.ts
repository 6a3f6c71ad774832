/** ZIP files of recordings: each file has the bytes that were packed, or is refused with a reason. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import { piecesOf } from "../../src/main/workers/file-bytes.ts";
import { listZip } from "../../src/main/workers/list-zip.ts";
import { inFolder, openFolder } from "../../src/main/workers/open-folder.ts";
import { listZipTree, type ZipTree } from "../../src/main/workers/zip-tree.ts";
import { sampleFiles } from "../support/sample-records.ts";
import { zipOf, type ZipEntry } from "../support/zip.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-zip-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Lists an archive in this thread: a late error would end the test run. */
async function list(bytes: Uint8Array): Promise<ZipTree> {
  const path = join(root, `${++count}.zip`);
  writeFileSync(path, bytes);
  return listZipTree({ path, name: "given.zip" });
}

/** Returns the bytes of each file of the archive that was listed last, by path. */
async function contents({ folders }: ZipTree): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const { place, entries } of folders) {
    await inFolder({ path: join(root, `${count}.zip`), archive: "given.zip", entries, scratch: root }, (folder) => {
      for (const { name } of entries) {
        const pieces = [...piecesOf(folder.open(name))].map((piece) => Buffer.from(piece));
        found.set(place === "" ? name : `${place}/${name}`, Buffer.concat(pieces));
      }
    });
  }
  return found;
}

const read = async (bytes: Uint8Array): Promise<Map<string, Buffer>> => contents(await list(bytes));

const file = (name: string, content = "x"): ZipEntry => ({ name, bytes: text(content) });

describe("a ZIP file", () => {
  it.each([true, false])("gives identical files, in their folders (compressed: %s)", async (deflate) => {
    const files = [...sampleFiles("s01")].map(([name, bytes]) => ({ name: `mitdb/${name}`, bytes, deflate }));
    const found = await read(zipOf([{ name: "mitdb/", bytes: new Uint8Array() }, ...files]));
    expect([...found.keys()].sort()).toEqual(files.map(({ name }) => name).sort());
    for (const { name, bytes } of files) expect(found.get(name)!.equals(bytes)).toBe(true);
  });

  it("gives the files of a large recording by a temporary folder, which is removed", async () => {
    const large = new Uint8Array(40_000_000).map((_, i) => (i * i) >>> 7);
    const small = new Uint8Array(1_000_000).fill(7);
    const entries = [
      { name: "large.dat", bytes: large, deflate: true },
      { name: "small.dat", bytes: small, deflate: true },
    ];
    const tree = await list(zipOf(entries));
    await inFolder(
      { path: join(root, `${count}.zip`), archive: "given.zip", ...tree.folders[0], scratch: root },
      (folder) => {
        const extracted = readdirSync(root).filter((name) => name.startsWith("record-"));
        expect(extracted.flatMap((name) => readdirSync(join(root, name)))).toEqual(["0"]);
        expect(
          Buffer.concat([...piecesOf(folder.open("large.dat"))].map((piece) => Buffer.from(piece))).equals(large),
        ).toBe(true);
        expect(folder.open("small.dat").subarray(999_998, 1_000_000)).toEqual(Uint8Array.of(7, 7));
        expect(folder.sizeOf("large.dat")).toBe(40_000_000);
      },
    );
    expect(readdirSync(root).filter((name) => name.startsWith("record-"))).toEqual([]);
  });

  it("gives first and last bytes, and finds a file by other small and capital letters", async () => {
    const bytes = new Uint8Array(5_000_000).map((_, i) => (i * i) >>> 5);
    const { folders } = await list(
      zipOf([
        { name: "R.DAT", bytes, deflate: true },
        { name: "plain.dat", bytes },
      ]),
    );
    const folder = openFolder({ path: join(root, `${count}.zip`), archive: "given.zip", ...folders[0], scratch: root });
    for (const name of ["R.DAT", "plain.dat"]) {
      expect(Buffer.from(folder.firstBytes(name, 1 << 16)!).equals(bytes.subarray(0, 1 << 16))).toBe(true);
      expect(folder.lastBytes(name, 2)).toEqual(bytes.subarray(-2));
    }
    expect(folder.nameOf("r.dat")).toBe("R.DAT");
    expect(() => folder.sizeOf("r.dat")).toThrow("Not found: file r.dat.");
  });

  it("skips nested archives, and files that macOS adds", async () => {
    const entries = ["a.hea", "inner.zip", "inner.TAR", "x.gz", "__MACOSX/._a.hea"].map((name) => ({
      name,
      bytes: text("x"),
    }));
    const tree = await list(zipOf(entries));
    expect(tree.folders.map(({ place, entries: own }) => [place, own.map(({ name }) => name)])).toEqual([
      ["", ["a.hea"]],
    ]);
    expect(tree.nested).toEqual(["inner.zip", "inner.TAR", "x.gz"]);
  });

  it.skipIf(process.platform !== "linux")(
    "leaves no file open when it was read (elsewhere there is no /proc)",
    async () => {
      const openFiles = (): string[] =>
        readdirSync("/proc/self/fd").flatMap((descriptor) => {
          try {
            return [readlinkSync(`/proc/self/fd/${descriptor}`)];
          } catch {
            return []; // closed since the folder was read
          }
        });
      await read(zipOf([...sampleFiles("s01")].map(([name, bytes]) => ({ name, bytes, deflate: true }))));
      expect(openFiles().filter((path) => path.startsWith(root))).toEqual([]);
      await list(zipOf([file("../out.hea")])).catch(() => undefined);
      expect(openFiles().filter((path) => path.startsWith(root))).toEqual([]);
    },
  );

  const refused: [string, ZipEntry, string][] = [
    ["a name above the folder", { name: "../out.hea", bytes: text("x") }, "unsafe-path"],
    ["a name above the folder, by way of a sub-folder", { name: "a/../../out.hea", bytes: text("x") }, "unsafe-path"],
    ["an absolute name", { name: "/tmp/out.hea", bytes: text("x") }, "unsafe-path"],
    ["a Windows drive", { name: "C:/out.hea", bytes: text("x") }, "unsafe-path"],
    ["a link", { name: "a.hea", bytes: text("/etc/passwd"), mode: 0o120777 }, "unsafe-path"],
    ["an encrypted entry", { name: "a.hea", bytes: text("x"), flags: 1, deflate: true }, "unsupported"],
    ["a ZIP bomb", { name: "a.dat", bytes: new Uint8Array(60_000_000), deflate: true }, "unsupported"],
    ["a NUL in a name", file("a\0b.hea"), "unsafe-path"],
    ["a line feed in a name", { ...file("a\nb.hea"), flags: 0x800 }, "unsafe-path"],
    ["a name longer than file systems have", file(`${"a".repeat(256)}.hea`), "unsupported"],
    ["a path longer than systems have", file(`${"folder/".repeat(150)}a.hea`), "unsupported"],
    ["a file twice", file("ok.hea"), "damaged-file"],
    ["two files whose names differ in case", file("OK.hea"), "damaged-file"],
    ["a file where a folder is", file("ok.hea/inner.hea"), "damaged-file"],
    ["two files in the same bytes", { ...file("b.hea"), offset: 0 }, "damaged-file"],
    ["a file beyond the archive's end", { ...file("b.hea"), offset: 4_000_000 }, "damaged-file"],
  ];
  it.each(refused)("refuses %s", async (_, entry, code) => {
    await expect(list(zipOf([file("ok.hea"), entry]))).rejects.toMatchObject({ code });
  });

  it("refuses an entry that exceeds its stated size, and one with changed bytes", async () => {
    const zip = zipOf([{ name: "a.dat", bytes: new Uint8Array(100_000), deflate: true }]);
    const lying = Buffer.from(zip);
    // Uncompressed size in the directory: at byte 24 of its entry (APPNOTE.TXT 4.3.12).
    lying.writeUInt32LE(10, zip.indexOf("PK\x01\x02", 0, "latin1") + 24);
    const refusal = { code: "damaged-file", message: /a\.dat in given\.zip is damaged/ };
    await expect(read(lying)).rejects.toMatchObject(refusal);
    const cut = Buffer.from(zip);
    cut.fill(0xff, 40, 60);
    await expect(read(cut)).rejects.toMatchObject(refusal);
    const flipped = zipOf([file("a.dat", "stored bytes")]);
    flipped[40] ^= 1;
    await expect(read(flipped)).rejects.toMatchObject(refusal);
  });

  it("refuses a damaged file that was unpacked into a temporary folder, and keeps the others", async () => {
    const bytes = new Uint8Array(40_000_000).map((_, i) => (i * i) >>> 7);
    const zip = zipOf([{ name: "large.dat", bytes, deflate: true }, file("small.dat")]);
    zip.fill(0xaa, 100_000, 100_100);
    const { folders } = await list(zip);
    await inFolder(
      { path: join(root, `${count}.zip`), archive: "given.zip", ...folders[0], scratch: root },
      (folder) => {
        expect(() => folder.open("large.dat")).toThrow(/large\.dat in given\.zip is damaged/);
        expect(folder.read("small.dat")).toEqual(text("x"));
      },
    );
  });

  it("names the method of a file that is compressed by another one than DEFLATE", async () => {
    const zip = zipOf([{ name: "a.dat", bytes: text("xxxx"), deflate: true }]);
    // Compression method: at byte 10 of an entry of the directory (APPNOTE.TXT 4.3.12).
    zip.writeUInt16LE(12, zip.indexOf("PK\x01\x02", 0, "latin1") + 10);
    await expect(read(zip)).rejects.toMatchObject({ code: "unsupported", message: /compressed by method 12/ });
  });

  it("treats two encodings of an accented letter as the same name", async () => {
    const twice = zipOf([file("\u00e9.hea"), file("e\u0301.hea")].map((entry) => ({ ...entry, flags: 0x800 })));
    await expect(list(twice)).rejects.toMatchObject({ code: "damaged-file", message: /accented letter/ });
  });

  it("describes the content of an archive without recordings, by the name that the user gave", async () => {
    const messageOf = async (entries: ZipEntry[]): Promise<string> =>
      list(zipOf(entries)).then(
        () => "listed",
        (error: unknown) => (error as EctopyError).message,
      );
    expect(await messageOf([])).toBe("given.zip contains no files.");
    expect(await messageOf([{ name: "mitdb/", bytes: new Uint8Array() }])).toBe("given.zip contains no files.");
    expect(await messageOf([file("a.zip"), file("b/c.tar")])).toBe(
      'given.zip contains only other archives: "a.zip", "b/c.tar".',
    );
    expect(await messageOf([file("a.hea"), file("a.hea")])).toBe(
      'given.zip contains two files of the same name, "a.hea".',
    );
    expect(await messageOf([file("../a.hea")])).toBe(
      'given.zip contains a file whose path leads outside of it, "../a.hea".',
    );
    expect(await messageOf([file("a\0b")])).toBe(
      'given.zip contains a file whose name has control characters, "a\\u0000b".',
    );
    expect(await messageOf([file("n".repeat(70_000 - 10_000))])).not.toMatch(/n{200}/);
  });

  it("refuses entries that share their bytes", async () => {
    // 20,000 names for the same 2 MB: they would fill 40 GB, and each one alone is valid.
    const one = { name: "0.dat", bytes: new Uint8Array(2_000_000), deflate: true };
    const many = Array.from({ length: 200 }, (_, i): ZipEntry => ({
      name: `${i}.dat`,
      bytes: one.bytes,
      deflate: true,
    }));
    const zip = zipOf([one, ...many.slice(1).map((entry) => ({ ...entry, offset: 0 }))]);
    await expect(list(zip)).rejects.toMatchObject({ code: "damaged-file", message: /in the same bytes/ });
  });

  it("refuses the archive that crashed the server, in its thread and in a worker thread", async () => {
    const path = join(import.meta.dirname, "../cases/crash-min.zip");
    const refusal = {
      code: "unsafe-path",
      message: /crash-min\.zip contains a file whose name has control characters/,
    };
    await expect(listZipTree({ path, name: "crash-min.zip" })).rejects.toMatchObject(refusal);
    await expect(listZip(path, new AbortController().signal)).rejects.toMatchObject(refusal);
  });

  it("stops on request", async () => {
    const abort = new AbortController();
    abort.abort();
    const path = join(root, `${++count}.zip`);
    writeFileSync(path, zipOf([{ name: "a.hea", bytes: text("x") }]));
    await expect(listZip(path, abort.signal)).rejects.toMatchObject({ name: "CancelledError" });
  });

  it("refuses any other bytes with a reason", async () => {
    const zip = zipOf([
      { name: "a.hea", bytes: text("hello") },
      { name: "b.dat", bytes: text("there"), deflate: true },
      { name: "c/d.dat", bytes: new Uint8Array(3000).map((_, i) => i * 7), deflate: true },
    ]);
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
        const changed = new Uint8Array(zip);
        for (const [place, byte] of changes) changed[place] = byte;
        return changed;
      }),
      fc.nat(zip.length - 1).map((end) => new Uint8Array(zip.subarray(0, end))),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        try {
          await read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
