import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy make-folder-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("creates a folder with the folders above it, and keeps an existing one", () => {
  const path = join(folder, "a", "b");
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it("reports the system's error if a folder above it cannot be created", (ctx) => {
  if (process.platform === "win32") ctx.skip("links need rights on Windows");
  const link = join(folder, "link");
  symlinkSync(join(folder, "nowhere"), link);
  expect(() => makeFolder(join(link, "c"))).toThrow(/EEXIST/);
});

it.skipIf(process.platform !== "linux")("returns from a file system that has no room for folders", () => {
  expect(() => makeFolder("/proc/x/y")).toThrow("The system does not allow new folders in /proc.");
});
