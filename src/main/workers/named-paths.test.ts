import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { checkPath } from "./named-paths.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy named-paths-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a folder to write into", () => {
  it("is accepted where it exists, with its free space and without a trace of the check", () => {
    const path = join(folder, "existing");
    mkdirSync(path);
    expect(checkPath(path, "export")).toMatchObject({ path, isNew: false });
    expect(checkPath(path, "export").freeBytes).toBeGreaterThan(0);
    expect(readdirSync(path)).toEqual([]);
  });

  it("is accepted as new where only its last component is missing, and is not created yet", () => {
    const path = join(folder, "new");
    expect(checkPath(path, "export").isNew).toBe(true);
    expect(readdirSync(folder)).not.toContain("new");
  });

  it("is refused where a folder above it is missing, which the error names", () => {
    expect(() => checkPath(join(folder, "mistyped", "a", "b"), "export")).toThrow(
      `The folder ${join(folder, "mistyped")} does not exist.`,
    );
  });

  it("is refused where it is a file", () => {
    const path = join(folder, "a file");
    writeFileSync(path, "");
    expect(() => checkPath(path, "workspace")).toThrow("is a file, not a folder.");
  });

  it.skipIf(process.platform !== "linux")("is refused in a file system without room for folders", () => {
    expect(() => checkPath("/proc/x", "export")).toThrow("The system does not allow new folders in /proc.");
  });
});

describe("a path to read", () => {
  it("is refused where it does not exist", () => {
    expect(() => checkPath(join(folder, "none.h5"), "model")).toThrow("none.h5 does not exist.");
    expect(() => checkPath("/nonexistent/none.zip", "recordings")).toThrow("The folder /nonexistent does not exist.");
  });

  it("is refused where a folder has no recordings, or a model is a folder", () => {
    expect(() => checkPath(folder, "recordings")).toThrow("There are no recordings in");
    expect(() => checkPath(folder, "model")).toThrow("is not a regular file.");
  });

  it("is refused with what it is, whatever lies beside it", () => {
    const place = mkdtempSync(join(folder, "odd-"));
    const refused = (path: string): string => {
      try {
        checkPath(path, "recordings");
      } catch (error) {
        if (error instanceof EctopyError) return `${error.message.replace(place, "ODD")} ${error.fix}`;
      }
      return "";
    };
    expect(refused(place)).toMatch(/^There are no recordings in ODD: it has no files\./);
    for (const file of ["photo.jpg", "b.jpg"]) writeFileSync(join(place, file), "a picture");
    expect(refused(place)).toMatch(/: none of its 2 files is of a supported format\. Choose a folder/);
    for (const file of ["a.7z", "r.dat"]) writeFileSync(join(place, file), "bytes");
    expect(refused(join(place, "photo.jpg"))).toMatch(/photo\.jpg is no recording of a supported format\. Choose a/);
    expect(refused(join(place, "a.7z"))).toMatch(/a\.7z is an archive, and no ZIP file .* Unpack it, and import/);
    expect(refused(join(place, "r.dat"))).toMatch(/r\.dat has no header \(\.hea\) beside it\. Copy its header/);
  });
});
