/** Electron's binary: its package brings a program that downloads it, which may not have been able to. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const packageFolder = (project: string): string => join(project, "node_modules", "electron");

/** Folder of the binary and all that belongs to it. */
export function electronFolder(project: string): string {
  return join(packageFolder(project), "dist");
}

/** @returns undefined where it is not there */
export function electronBinary(project: string): string | undefined {
  try {
    const name = readFileSync(join(packageFolder(project), "path.txt"), "utf8").trim();
    const path = join(electronFolder(project), name);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Has it downloaded where it is missing. @throws Error that says why it could not be */
export async function provideElectron(project: string): Promise<void> {
  if (electronBinary(project) !== undefined) return;
  const failure = await promisify(execFile)(process.execPath, [join(packageFolder(project), "install.js")]).then(
    () => "the download brought no binary",
    (error: { stderr?: string; message: string }) => firstLine(error.stderr || error.message),
  );
  if (electronBinary(project) === undefined) {
    throw new Error(`Electron's binary could not be downloaded: ${failure}`);
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0];
}
