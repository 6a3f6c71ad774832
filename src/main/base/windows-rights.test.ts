import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  closeWindowsFolder,
  isWindowsFolderOpen,
  openSids,
  privateAccessArguments,
  userSid,
  type RunProgram,
} from "./windows-rights.ts";

const USER = "S-1-5-21-1111111111-2222222222-3333333333-1001";
const PRIVATE = `D:PAI(A;OICI;FA;;;${USER})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)`;
/** Access list of a folder created directly on drive D: authenticated users can write, users can read. */
const USUAL = "D:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIIOID;SDGXGWGR;;;AU)(A;OICIID;0x1200a9;;;BU)";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy rights-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Substitute for Windows' programs: one access list, which the grant replaces. */
function standIn(before: string, after: string | null): { run: RunProgram; calls: string[][] } {
  let list: string | null = before;
  const calls: string[][] = [];
  return {
    calls,
    run: (program, args) => {
      calls.push([program, ...args]);
      if (program === "whoami.exe") return `"clinic\\jo","${USER}"\r\n`;
      const save = args.indexOf("/save");
      if (save >= 0 && list !== null) writeFileSync(args[save + 1], `\ufeffEctopy\r\n${list}\r\n`, "utf16le");
      else if (save >= 0) throw new Error("The file system does not support it.");
      if (args.includes("/grant:r")) list = after;
      return "";
    },
  };
}

describe("a folder's access list on Windows", () => {
  it("parses the user's SID with any account name", () => {
    expect(userSid(() => `"büro, nord\\o""neil","${USER}"\r\n`)).toBe(USER);
    expect(() => userSid(() => "")).toThrow(/SID/);
  });

  it("grants access to the user, the system and the administrators by SID, and stops inheritance", () => {
    expect(privateAccessArguments("D:\\My data", USER)).toEqual([
      "D:\\My data",
      "/inheritance:r",
      "/grant:r",
      `*${USER}:(OI)(CI)F`,
      "*S-1-5-18:(OI)(CI)F",
      "*S-1-5-32-544:(OI)(CI)F",
      "/q",
    ]);
  });

  it.each([
    [PRIVATE, []],
    [USUAL, ["AU", "BU"]],
    ["D:P(A;OICI;FA;;;S-1-5-18)(D;;FA;;;WD)", []],
    ["D:P(A;OICI;FR;;;S-1-5-21-1-2-3-1002)", ["S-1-5-21-1-2-3-1002"]],
    ["D:NO_ACCESS_CONTROL", ["S-1-1-0"]],
    ["", ["S-1-1-0"]],
    ["D:P", []],
  ])("finds the other accounts with access in %s", (sddl, expected) => {
    expect(openSids(sddl, USER)).toEqual(expected);
  });

  it("is replaced if it is open, and inherited by the files in the folder", () => {
    writeFileSync(join(folder, "ectopy.sqlite"), "");
    const { run, calls } = standIn(USUAL, PRIVATE);
    expect(closeWindowsFolder(folder, run)).toBe(true);
    expect(calls.filter(([, , option]) => option !== "/save").map((call) => call.slice(0, 3))).toEqual([
      ["whoami.exe", "/user", "/fo"],
      ["icacls.exe", folder, "/inheritance:r"],
      ["icacls.exe", join(folder, "*"), "/reset"],
    ]);
  });

  it("is replaced for an empty folder", () => {
    const { run, calls } = standIn(USUAL, PRIVATE);
    expect(closeWindowsFolder(folder, run)).toBe(true);
    expect(calls.flat()).not.toContain("/reset");
  });

  it.each([
    [PRIVATE, false],
    [USUAL, true],
  ])("is recognised as open or closed: %s", (list, expected) => {
    expect(isWindowsFolderOpen(folder, standIn(list, null).run)).toBe(expected);
  });

  it("is not changed if it is private", () => {
    const { run, calls } = standIn(PRIVATE, null);
    expect(closeWindowsFolder(folder, run)).toBe(false);
    expect(calls.flat()).not.toContain("/grant:r");
  });

  it("is checked after the change, and its absence is reported", () => {
    expect(() => closeWindowsFolder(folder, standIn(USUAL, USUAL).run)).toThrow(/AU, BU can still read/);
    expect(() => closeWindowsFolder(folder, standIn(USUAL, null).run)).toThrow(/has no access lists/);
  });
});
