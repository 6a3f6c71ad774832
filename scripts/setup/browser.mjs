/**
 * Step "browser": finds or installs the system's Chromium, for the tests that use the app as a user does.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { SetupError, say } from "./report.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** @type {import("./steps.mjs").Step} */
export const browser = {
  name: "browser",
  title: "Browser",
  without: "Everything else runs without it; the tests that drive the interface are skipped.",

  ready() {
    const path = findBrowser();
    return path === undefined ? undefined : { ECTOPY_BROWSER: path };
  },

  async prepare() {
    const installed = await installSystemPackages(["chromium"], "Browser (about 110 MB to download)");
    if (installed && findBrowser() !== undefined) return say("Browser: done.");
    throw new SetupError(
      "No Chromium or Chrome was found.",
      "Install one (Debian: sudo apt-get install chromium), or set ECTOPY_BROWSER to its path.",
    );
  },
};

/** @returns {string | undefined} */
function findBrowser() {
  for (const path of [process.env.ECTOPY_BROWSER, process.env.CHROME_PATH]) {
    if (path && existsSync(path)) return path;
  }
  return findProgram(names) ?? usualPlaces().find((path) => existsSync(path));
}

/** Paths of installers that don't add it to PATH. */
function usualPlaces() {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  return [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
}
