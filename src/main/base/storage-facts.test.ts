import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findStorage, storageFacts } from "./storage-facts.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ectopy storage-")));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("storage of a folder", () => {
  it("is determined by its real path, also before the folder exists", () => {
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"));
    expect(storageFacts(join(folder, "link", "a", "b")).folder).toBe(join(folder, "real", "a", "b"));
  });

  it.skipIf(process.platform === "win32")("is determined by the mounts of this machine", () => {
    expect(storageFacts(folder).mounts.some(({ at }) => at === "/")).toBe(true);
  });

  it("is a synchronised folder if a program's marker file is above it", () => {
    writeFileSync(join(folder, ".stfolder"), "");
    expect(findStorage(join(folder, "a", "Ectopy")).synchronised).toBe("Syncthing");
  });

  it("is overridden by ECTOPY_STORAGE", () => {
    writeFileSync(join(folder, ".stfolder"), "");
    vi.stubEnv("ECTOPY_STORAGE", "local");
    expect(findStorage(folder)).toEqual({ network: null, synchronised: null });
    vi.stubEnv("ECTOPY_STORAGE", "network");
    expect(findStorage(folder).network).not.toBeNull();
  });
});
