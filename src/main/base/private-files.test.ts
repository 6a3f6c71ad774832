import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePrivateFolder, openToOthers, tighten, tightenTree, writePrivateFile } from "./private-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy private-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path: string): number => statSync(path).mode & 0o777;
const inside = (...names: string[]): string => join(folder, ...names);

/** A folder with the rights of a umask of 022. */
function openTree(): void {
  mkdirSync(inside("runs", "1"), { recursive: true });
  writeFileSync(inside("runs", "1", "model.json"), "{}");
  for (const path of ["runs", "runs/1"]) chmodSync(inside(path), 0o755);
  chmodSync(inside("runs/1/model.json"), 0o644);
}

describe.skipIf(process.platform === "win32")("private files", () => {
  it("are created for their user only, with any umask", () => {
    const before = process.umask(0);
    try {
      makePrivateFolder(inside("a", "b"));
      writePrivateFile(inside("a", "b", "names.json"), "Jane");
    } finally {
      process.umask(before);
    }
    expect([mode(inside("a")), mode(inside("a", "b")), mode(inside("a", "b", "names.json"))]).toEqual([
      0o700, 0o700, 0o600,
    ]);
  });

  it("replace a file that others could read, and leave no temporary file", () => {
    writeFileSync(inside("machine.json"), "old", { mode: 0o644 });
    writeFileSync(inside(`machine.json.${process.pid}.partial`), "left behind", { mode: 0o644 });
    writePrivateFile(inside("machine.json"), new Uint8Array([110, 101, 119]));
    expect(readFileSync(inside("machine.json"), "utf8")).toBe("new");
    expect(mode(inside("machine.json"))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["machine.json"]);
  });

  it("leave no temporary file if they cannot be written", () => {
    mkdirSync(inside("taken"));
    writeFileSync(inside("taken", "file"), "");
    expect(() => writePrivateFile(inside("taken"), "x")).toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  it("are found if others can read them, and closed", async () => {
    openTree();
    const expected = ["runs", "runs/1", "runs/1/model.json"].map((path) => inside(path));
    expect(await openToOthers(folder)).toEqual(expected);
    expect((await openToOthers(folder, 2)).length).toBe(2);
    expect(tightenTree(folder)).toEqual({ closed: expected.toReversed(), open: [] });
    expect(await openToOthers(folder)).toEqual([]);
    expect(mode(inside("runs/1/model.json"))).toBe(0o600);
    expect(tightenTree(folder)).toEqual({ closed: [], open: [] });
  });

  it("keep the rights of their user, such as execution", () => {
    writeFileSync(inside("tool"), "");
    chmodSync(inside("tool"), 0o755);
    tighten(inside("tool"));
    expect(mode(inside("tool"))).toBe(0o700);
  });

  it("are not changed through links", async () => {
    const outside = mkdtempSync(join(tmpdir(), "ectopy outside-"));
    try {
      chmodSync(outside, 0o755);
      symlinkSync(outside, inside("link"));
      expect(tightenTree(folder).closed).toEqual([]);
      expect(await openToOthers(folder)).toEqual([]);
      expect(mode(outside)).toBe(0o755);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it("are named if their file system refuses to change their rights", (ctx) => {
    writeFileSync(inside("fixed"), "", { mode: 0o644 });
    chmodSync(inside("fixed"), 0o644);
    // The only refusal of a local disk: an immutable file.
    if (spawnSync("chattr", ["+i", inside("fixed")]).status !== 0) return ctx.skip("this system has no chattr +i");
    try {
      expect(tighten(inside("fixed"))).toEqual({ closed: [], open: [{ path: inside("fixed"), reason: "no-rights" }] });
    } finally {
      spawnSync("chattr", ["-i", inside("fixed")]);
    }
  });

  it.skipIf(process.geteuid?.() !== 0)("are not changed if they belong to another user (needs root)", () => {
    openTree();
    chownSync(inside("runs", "1", "model.json"), 12345, 12345);
    const { open } = tightenTree(folder);
    expect(open).toEqual([{ path: inside("runs", "1", "model.json"), reason: "other-owner" }]);
    expect(mode(inside("runs", "1", "model.json"))).toBe(0o644);
  });
});
