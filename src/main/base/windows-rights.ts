/**
 * Access list of a folder on Windows: full access for its user, the system (SYSTEM) and the administrators only,
 * inherited by everything in the folder. Programs of Windows read and change it: `whoami` and `icacls`, without a
 * shell.
 *
 * Names of accounts are translated on some systems ("VORDEFINIERT\Benutzer"), SIDs never are: only SIDs are read and
 * written here (learn.microsoft.com, "Well-known SIDs"; "Security Descriptor String Format"). The project has run
 * neither program on Windows: the tests check arguments and parsing with a substitute.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";

const SYSTEM_SID = "S-1-5-18";
const ADMINISTRATORS_SID = "S-1-5-32-544";
/**
 * Two-letter names of SIDs in SDDL: SYSTEM, administrators, creator owner (the user who created the file), owner
 * rights.
 */
const TRUSTED_ALIASES = ["SY", "BA", "CO", "OW"];
const PROGRAM_TIMEOUT_MS = 20_000;

/** Runs a program of Windows' system folder and returns its standard output. @throws Error if the program fails */
export type RunProgram = (program: string, args: readonly string[]) => string;

/** Returns the SID of the user of this process. @throws EctopyError `no-access` */
export function userSid(run: RunProgram = runSystemProgram): string {
  // One line: "domain\name","S-1-5-21-…"
  const sid = /"(S-1-[\d-]{3,180})"\s*$/.exec(run("whoami.exe", ["/user", "/fo", "csv", "/nh"]))?.[1];
  if (sid === undefined) throw notChanged("the user's account number (SID) is not known");
  return sid;
}

/** Returns the arguments of `icacls` that replace a folder's access list. */
export function privateAccessArguments(folder: string, user: string): string[] {
  const full = (sid: string): string => `*${sid}:(OI)(CI)F`;
  return [folder, "/inheritance:r", "/grant:r", full(user), full(SYSTEM_SID), full(ADMINISTRATORS_SID), "/q"];
}

/**
 * Returns whether other accounts than the user, the system and administrators have access; true without an access list.
 */
export function isWindowsFolderOpen(folder: string, run: RunProgram = runSystemProgram): boolean {
  const list = accessList(folder, run);
  return list === null || openSids(list, userSid(run)).length > 0;
}

/**
 * Closes a folder to other users if it is open to them.
 * @returns whether it was open until now
 * @throws EctopyError `no-access` if Windows does not change it, or its file system has no access lists (FAT, exFAT)
 */
export function closeWindowsFolder(folder: string, run: RunProgram = runSystemProgram): boolean {
  const user = userSid(run);
  const before = accessList(folder, run);
  if (before !== null && openSids(before, user).length === 0) return false;
  run("icacls.exe", privateAccessArguments(folder, user));
  const after = accessList(folder, run);
  if (after === null) throw notChanged(`the file system of ${folder} has no access lists`);
  const still = openSids(after, user);
  if (still.length > 0) throw notChanged(`${still.join(", ")} can still read ${folder}`);
  // Files with a separate access list inherit the folder's list again. Without any file, icacls would fail.
  if (readdirSync(folder).length > 0) run("icacls.exe", [join(folder, "*"), "/reset", "/t", "/c", "/q"]);
  return true;
}

/**
 * Returns the SIDs, or their SDDL aliases, to which an access list gives access, except the user, the system and
 * administrators.
 * @param sddl access list, such as `D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)`
 */
export function openSids(sddl: string, user: string): string[] {
  const list = /D:([^()]*)((?:\([^()]*\))*)/.exec(sddl);
  // Without an access list, everyone has full access.
  if (list === null || list[1].includes("NO_ACCESS_CONTROL")) return ["S-1-1-0"];
  const found = new Set<string>();
  for (const [, entry] of list[2].matchAll(/\(([^()]*)\)/g)) {
    const [type, , , , , sid] = entry.split(";");
    if (!["A", "OA", "XA"].includes(type) || sid === undefined) continue;
    if (![...TRUSTED_ALIASES, user, SYSTEM_SID, ADMINISTRATORS_SID].includes(sid)) found.add(sid);
  }
  return [...found];
}

/** Returns the access list as SDDL; null if the file system has none. `icacls /save` writes it in UTF-16. */
function accessList(folder: string, run: RunProgram): string | null {
  const temporary = mkdtempSync(join(tmpdir(), "ectopy-rights-"));
  const file = join(temporary, "access.txt");
  try {
    run("icacls.exe", [folder, "/save", file, "/q"]);
    const text = readFileSync(file, "utf16le");
    return /D:/.test(text) ? text : null;
  } catch {
    return null;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function notChanged(reason: string): EctopyError {
  return new EctopyError(
    "no-access",
    `Other users of this machine may be able to read the workspace: ${reason}.`,
    "Move the workspace into your user folder, or remove the other users under Properties, Security.",
  );
}

/** Runs a program by its full path, so that a program of that name in the working directory is never run. */
function runSystemProgram(program: string, args: readonly string[]): string {
  const system = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32");
  return execFileSync(join(system, program), args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: PROGRAM_TIMEOUT_MS,
    windowsHide: true,
  });
}
