import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportFile } from "./file-export.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-file-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string) => (path: string) => writeFileSync(path, content);

describe("exportFile", () => {
  it("writes the file at its path, and creates the folders above it", async () => {
    const place = join(folder, "created", "below", "model.h5");
    expect(await exportFile(place, write("model"))).toEqual({ place, outcome: "created" });
    expect(readFileSync(place, "utf8")).toBe("model");
    expect(readdirSync(join(folder, "created", "below"))).toEqual(["model.h5"]);
  });

  it("keeps a file with the same content", async () => {
    const place = join(folder, "same.h5");
    writeFileSync(place, "model");
    expect(await exportFile(place, write("model"))).toEqual({ place, outcome: "unchanged" });
    expect(readdirSync(folder).filter((name) => name.includes("same"))).toEqual(["same.h5"]);
  });

  it.each(["other", "longer content"])("refuses to replace a file with other content: %s", async (content) => {
    const place = join(folder, "other.h5");
    writeFileSync(place, content);
    await expect(exportFile(place, write("model"))).rejects.toMatchObject({ code: "usage" });
    expect(readFileSync(place, "utf8")).toBe(content);
  });

  it("refuses to replace a folder", async () => {
    const place = join(folder, "folder.h5");
    mkdirSync(place);
    await expect(exportFile(place, write("model"))).rejects.toMatchObject({ code: "usage" });
    expect(existsSync(place)).toBe(true);
  });

  it("leaves no file after a failure", async () => {
    const place = join(folder, "failed", "model.h5");
    const failed = exportFile(place, (path) => {
      writeFileSync(path, "half");
      throw new Error("The model cannot be written.");
    });
    await expect(failed).rejects.toThrow("cannot be written");
    expect(readdirSync(join(folder, "failed"))).toEqual([]);
  });
});
