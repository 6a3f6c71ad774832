import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import yauzl from "yauzl";
import { afterAll, expect, it } from "vitest";
import { zipStream } from "./zip-stream.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads an archive with another program's reader: names, times and contents. */
async function entriesOf(archive: Buffer): Promise<{ name: string; at: Date; content: Buffer }[]> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(archive, { lazyEntries: false, autoClose: false }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  const entries: yauzl.Entry[] = [];
  zip.on("entry", (entry: yauzl.Entry) => entries.push(entry));
  await new Promise((resolve, reject) => zip.once("end", resolve).once("error", reject));
  return Promise.all(
    entries.map(async (entry) => {
      const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
        zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
      );
      return { name: entry.fileName, at: entry.getLastModDate(), content: await buffer(stream) };
    }),
  );
}

it("makes an archive that other programs read: names, times and contents", async () => {
  const modifiedAt = new Date(2027, 0, 31, 23, 59, 58);
  const contents = {
    "a/übersicht.csv": Buffer.from("run,macro F1\n"),
    "a/empty": Buffer.alloc(0),
    big: randomBytes(300_000),
  };
  const sources = Object.entries(contents).map(([name, content], number) => {
    const path = join(folder, String(number));
    writeFileSync(path, content);
    return { name, path, modifiedAt };
  });
  const entries = await entriesOf(await buffer(zipStream(sources)));
  expect(entries.map(({ name }) => name)).toEqual(Object.keys(contents));
  expect(entries.map(({ at }) => at.getTime())).toEqual(Array(3).fill(modifiedAt.getTime()));
  for (const { name, content } of entries) expect(content.equals(contents[name as keyof typeof contents])).toBe(true);
});

it("fails where a file can't be read", async () => {
  const sources = [{ name: "gone", path: join(folder, "gone"), modifiedAt: new Date() }];
  await expect(buffer(zipStream(sources))).rejects.toMatchObject({ code: "ENOENT" });
});
