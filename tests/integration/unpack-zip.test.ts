/** ZIP files of recordings: unpacked completely, or refused with a reason; no file outside the folder. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import { extractZip } from "../../src/main/workers/extract-zip.ts";
import { unpackZip } from "../../src/main/workers/unpack-zip.ts";
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

/** Unpacks in this thread: a late error would end the test run. */
async function extract(bytes: Uint8Array): Promise<string> {
  const path = join(root, `${++count}.zip`);
  const folder = join(root, `out ${count}`);
  writeFileSync(path, bytes);
  mkdirSync(folder);
  await extractZip({ path, folder, name: "given.zip" });
  return folder;
}

const file = (name: string, content = "x"): ZipEntry => ({ name, bytes: text(content) });

describe("unpackZip", () => {
  it("gives identical files, in their folders", async () => {
    const files = [...sampleFiles("s01")].map(([name, bytes]) => ({ name: `mitdb/${name}`, bytes, deflate: true }));
    const folder = await unpack(zipOf([{ name: "mitdb/", bytes: new Uint8Array() }, ...files]));
    for (const { name, bytes } of files) expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
  });

  it("skips nested archives, and files that macOS adds", async () => {
    const entries = ["a.hea", "inner.zip", "inner.TAR", "x.gz", "__MACOSX/._a.hea"].map((name) => ({
      name,
      bytes: text("x"),
    }));
    expect(readdirSync(await unpack(zipOf(entries)))).toEqual(["a.hea"]);
  });

  it.skipIf(process.platform !== "linux")(
    "leaves no file open when it ends (elsewhere there is no /proc)",
    async () => {
      const openFiles = (): string[] =>
        readdirSync("/proc/self/fd").flatMap((descriptor) => {
          try {
            return [readlinkSync(`/proc/self/fd/${descriptor}`)];
          } catch {
            return []; // closed since the folder was read
          }
        });
      await extract(zipOf([...sampleFiles("s01")].map(([name, bytes]) => ({ name, bytes, deflate: true }))));
      expect(openFiles().filter((path) => path.startsWith(root))).toEqual([]);
      await extract(zipOf([file("../out.hea")])).catch(() => undefined);
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
    await expect(extract(zipOf([file("ok.hea"), entry]))).rejects.toMatchObject({ code });
    expect(readdirSync(join(root, `out ${count}`))).toEqual([]);
    expect(existsSync(join(root, "out.hea"))).toBe(false);
  });

  it("refuses an entry that exceeds its stated size, and one with changed bytes", async () => {
    const zip = zipOf([{ name: "a.dat", bytes: new Uint8Array(100_000), deflate: true }]);
    const lying = Buffer.from(zip);
    // Uncompressed size in the directory: at byte 24 of its entry (APPNOTE.TXT 4.3.12).
    lying.writeUInt32LE(10, zip.indexOf("PK\x01\x02", 0, "latin1") + 24);
    await expect(unpack(lying)).rejects.toMatchObject({ code: "damaged-file" });
    const cut = Buffer.from(zip);
    cut.fill(0xff, 40, 60);
    await expect(unpack(cut)).rejects.toMatchObject({ code: "damaged-file" });
  });

  it("treats two encodings of an accented letter as the same name", async () => {
    const twice = zipOf([file("\u00e9.hea"), file("e\u0301.hea")].map((entry) => ({ ...entry, flags: 0x800 })));
    await expect(extract(twice)).rejects.toMatchObject({ code: "damaged-file", message: /accented letter/ });
  });

  it("describes the content of an archive without recordings, by the name that the user gave", async () => {
    const messageOf = async (entries: ZipEntry[]): Promise<string> =>
      extract(zipOf(entries)).then(
        () => "unpacked",
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
    await expect(extract(zip)).rejects.toMatchObject({ code: "damaged-file", message: /in the same bytes/ });
  });

  it("refuses the archive that crashed the server, in its thread and in a worker thread", async () => {
    const path = join(import.meta.dirname, "../cases/crash-min.zip");
    const refusal = {
      code: "unsafe-path",
      message: /crash-min\.zip contains a file whose name has control characters/,
    };
    const folder = join(root, "crash");
    mkdirSync(folder);
    const name = "crash-min.zip";
    await expect(extractZip({ path, folder, name })).rejects.toMatchObject(refusal);
    const watch = { progress: () => {}, signal: new AbortController().signal };
    await expect(unpackZip(path, folder, watch)).rejects.toMatchObject(refusal);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("handles every late error of a stream whose file can't be made", async () => {
    // The name is invalid, and the data are shorter than stated: both fail, one after the other.
    const zip = zipOf([{ name: "a.dat", bytes: new Uint8Array(300_000).map((_, i) => i * 31), deflate: true }]);
    zip.writeUInt32LE(900_000, zip.indexOf("PK\x01\x02", 0, "latin1") + 24);
    const path = join(root, `${++count}.zip`);
    writeFileSync(path, zip);
    const folder = join(root, `out ${count}`);
    mkdirSync(folder);
    cpSync(path, join(folder, "a.dat"));
    await expect(extractZip({ path, folder, name: "given.zip" })).rejects.toMatchObject({ code: "no-access" });
    // Late errors occur before this.
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it("stops on request", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(unpack(zipOf([{ name: "a.hea", bytes: text("x") }]), abort.signal)).rejects.toMatchObject({
      name: "CancelledError",
    });
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
          await extract(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
