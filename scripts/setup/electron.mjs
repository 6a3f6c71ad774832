/**
 * Step "electron": downloads Electron's binary, for the app's window, with the program of its package.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasDisplay } from "../../src/main/base/display.mjs";
import { runChild } from "./child.mjs";
import { nodePath } from "./node.mjs";
import { say, SetupError } from "./report.mjs";

/** Time after which a download without progress is given up, in ms; the received bytes are not kept. */
const LONGEST = 15 * 60_000;

/** @type {import("./steps.mjs").Step} */
export const electron = {
  name: "electron",
  title: "Electron",
  without: "The same app opens in a browser tab instead.",

  ready: (project) => (!hasDisplay() || electronBinary(project) !== undefined ? {} : undefined),
  prepare: provideElectron,
};

/**
 * Returns the folder of the binary and its files.
 *
 * @param {string} project
 */
export function electronFolder(project) {
  return join(packageFolder(project), "dist");
}

/**
 * @param {string} project
 * @returns {string | undefined} undefined if it is not downloaded
 */
export function electronBinary(project) {
  try {
    const name = readFileSync(join(packageFolder(project), "path.txt"), "utf8").trim();
    const path = join(electronFolder(project), name);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Downloads it if it is missing.
 *
 * @param {string} project
 * @throws {SetupError} with the reason why it could not be downloaded
 */
export async function provideElectron(project) {
  if (electronBinary(project) !== undefined) return;
  say("Electron (about 110 MB to download): downloading.");
  const end = Date.now() + LONGEST;
  const { how, output } = await runChild(nodePath(project), [join(packageFolder(project), "install.js")], {
    giveUp: () => (Date.now() > end ? `not there after ${LONGEST / 60_000} min` : undefined),
  });
  if (electronBinary(project) !== undefined) return say("Electron: done.");
  const firstLine = output.trim().split("\n")[0] || how;
  throw new SetupError(`Electron's binary could not be downloaded: ${firstLine}`, "Check the network connection.");
}

/** @param {string} project */
function packageFolder(project) {
  return join(project, "node_modules", "electron");
}
