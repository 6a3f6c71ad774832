import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openToOthers } from "../base/private-files.ts";
import { closeRest, closeToOthers, describeOpenPaths, openInWorkspace } from "./workspace-rights.ts";

let folder: string;
let workspace: string;
let told: string[];
const warn = (message: string): void => void told.push(message);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy rights-"));
  workspace = join(folder, "Ectopy");
  told = [];
  const before = process.umask(0o022);
  try {
    for (const path of ["backups", "datasets/1", "runs/1"]) mkdirSync(join(workspace, path), { recursive: true });
    for (const path of [
      "ectopy.sqlite",
      "ectopy.sqlite-wal",
      "workspace.lock",
      "machine.json",
      "backups/2026-01-01.sqlite",
      "datasets/1/s01.hea",
      "runs/1/model.json",
    ]) {
      writeFileSync(join(workspace, path), "");
    }
  } finally {
    process.umask(before);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (...path: string[]): number => statSync(join(workspace, ...path)).mode & 0o777;

describe.skipIf(process.platform === "win32")("a workspace that others could read", () => {
  it("is closed when it is opened, with one warning, and the other files follow", async () => {
    expect(await openInWorkspace(workspace, 3)).toHaveLength(3);
    expect((await openInWorkspace(workspace)).slice(0, 2)).toEqual([workspace, join(workspace, "backups")]);
    expect(closeToOthers(workspace, warn)).toBe(true);
    expect(told).toEqual([expect.stringMatching(/^Other users of this machine could read .* now closed to them\.$/)]);
    expect(await openToOthers(workspace)).toEqual(
      ["datasets/1", "datasets/1/s01.hea", "runs/1", "runs/1/model.json"].map((path) => join(workspace, path)),
    );
    await closeRest(workspace);
    expect(await openToOthers(workspace)).toEqual([]);
    expect([mode(), mode("datasets"), mode("ectopy.sqlite")]).toEqual([0o700, 0o700, 0o600]);

    expect(closeToOthers(workspace, warn)).toBe(false);
    expect(told).toHaveLength(1);
  });

  it("is closed if it is opened through a link", () => {
    const link = join(folder, "link");
    symlinkSync(workspace, link);
    closeToOthers(link, warn);
    expect(mode()).toBe(0o700);
  });

  it("keeps the rights of files that are not Ectopy's, and of the folder that it shares with them", async () => {
    writeFileSync(join(workspace, "notes.txt"), "");
    chmodSync(join(workspace, "notes.txt"), 0o644);
    expect(closeToOthers(workspace, warn)).toBe(true);
    await closeRest(workspace);
    expect(told.join(" ")).toMatch(/not Ectopy's: the rights of the folder were not changed/);
    expect(await openInWorkspace(workspace)).toEqual([]);
    expect([mode(), mode("notes.txt")]).toEqual([0o755, 0o644]);
    expect([mode("ectopy.sqlite"), mode("datasets"), mode("datasets", "1", "s01.hea")]).toEqual([0o600, 0o700, 0o600]);
  });

  it("is closed although it contains files of the system or of a synchronising program", () => {
    const copy = "ectopy.sync-conflict-20260102-101112-ABCDEFG.sqlite";
    for (const name of [".DS_Store", "desktop.ini", ".stfolder", copy]) writeFileSync(join(workspace, name), "");
    chmodSync(join(workspace, copy), 0o644);
    closeToOthers(workspace, warn);
    expect([mode(), mode(copy)]).toEqual([0o700, 0o600]);
  });

  it("stops when the workspace is closed in the meantime", async () => {
    const closed = new AbortController();
    closed.abort();
    expect(await closeRest(workspace, closed.signal)).toEqual({ closed: [], open: [] });
  });
});

it("describes files that cannot be closed, each reason once", () => {
  expect(describeOpenPaths("/w", [])).toEqual([]);
  expect(
    describeOpenPaths("/w", [
      { path: "/w/a", reason: "other-owner" },
      { path: "/w/b", reason: "other-owner" },
      { path: "/w", reason: "no-rights" },
      { path: "/w/c", reason: "no-rights" },
    ]),
  ).toEqual([
    expect.stringMatching(/does not support access rights/),
    expect.stringMatching(/\/w\/a and 1 more, which belongs to another user/),
  ]);
});

it("reports on Windows the change, or the reason of its failure", () => {
  const run = (program: string): string => {
    if (program === "whoami.exe") return '"clinic\\jo","S-1-5-21-1-2-3-1001"';
    throw new Error("Access is denied.");
  };
  expect(closeToOthers(workspace, warn, run)).toBe(false);
  expect(told).toEqual([expect.stringMatching(/^Other users of this machine may read the workspace/)]);
});
