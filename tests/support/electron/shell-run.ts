/** Runs a built shell against the stand-in for Electron, and returns what it observed. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * @param out output folder of electron-vite
 * @param folder for the workspace, the settings and Electron's data
 * @param packaged Electron's `app.isPackaged`
 */
export async function runShell(out: string, folder: string, packaged = false): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "run-shell.ts"), out], {
    env: {
      ...process.env,
      ECTOPY_WORKSPACE: join(folder, "workspace"),
      ECTOPY_SETTINGS: join(folder, "settings.json"),
      ECTOPY_TEST_USER_DATA: folder,
      ECTOPY_TEST_PACKAGED: packaged ? "1" : "0",
    },
    maxBuffer: 10_000_000,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
