/**
 * Takes pictures of every screen in both themes, of the built app on MIT-BIH, into docs/screenshots/:
 *
 *   npm run -s screenshots -- path/to/mitdb [FOLDER]
 *
 * FOLDER keeps the workspace for the next time. Without it, a temporary workspace is made (about five minutes) and
 * removed. Pictures of the gallery, which shows every component with example data, go into FOLDER or else out/gallery/:
 *
 *   npm run -s screenshots -- gallery [FOLDER]
 *
 * Both end with status 1 where a page wrote an error or a warning to its console.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { launchBrowser, noBrowser, openPage, startApp, temporaryApp } from "./support/app.ts";
import { takeGalleryPictures } from "./support/gallery-pictures.ts";
import { connect } from "./support/socket-client.ts";

const [database, kept] = process.argv.slice(2);
if (database === undefined || noBrowser !== "") {
  console.error(noBrowser || "npm run -s screenshots -- path/to/mitdb [FOLDER], or: gallery [FOLDER]");
  process.exit(2);
}
const root = join(import.meta.dirname, "..");
if (database === "gallery") {
  const pageErrors = await takeGalleryPictures(root, kept ?? join(root, "out/gallery"));
  for (const complaint of pageErrors) console.error(complaint);
  process.exit(pageErrors.length > 0 ? 1 : 0);
}
const pictures = join(root, "docs/screenshots");
mkdirSync(pictures, { recursive: true });

const { folder, remove } = kept === undefined ? temporaryApp() : { folder: kept, remove: () => {} };
const workspace = join(folder, "workspace");
/** Name and path of each screenshot. */
const screens: readonly [name: string, path: string][] = [
  ["home", "/"],
  ["recordings", "/recordings/1"],
  ["recording", "/recordings/1/208?t=300"],
  ["preparation", "/preparation/1"],
  ["model", "/model"],
  ["training", "/training"],
  ["runs", "/runs"],
  ["run", "/runs/1"],
  ["beats", "/runs/1/beats?truth=V&predicted=N"],
  ["comparison", "/compare?runs=1,4,5&against=1"],
  ["experiment", "/experiments/1"],
  ["settings", "/settings"],
];

function ectopy(...args: string[]): void {
  execFileSync(process.execPath, [join(root, "src/main/cli/ectopy.ts"), "--workspace", workspace, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

if (!existsSync(workspace)) {
  ectopy("import", database);
  ectopy("prepare", "1", "--protocol", "inter-patient");
  ectopy("prepare", "1", "--protocol", "reference");
  ectopy("search", "1", "--model", "ann", "--repeat", "3", "--epochs", "6");
  ectopy("train", "1", "--model", "cnn", "--epochs", "3", "--steps-per-epoch", "400");
  ectopy("train", "2", "--model", "ann", "--epochs", "3");
}

const app = await startApp(folder);
const client = await connect(app.url, app.cookie);
// A run in progress: epochs of a few seconds, so that the curves show several.
const settings = { ...defaultTraining("cnn"), stepsPerEpoch: 150, patience: 0 };
const { run } = await client.call("training.start", { preparation: 1, settings });
await client.until("run.epoch", (epoch) => epoch.run === run && epoch.metrics.epoch === 4);

const browser = await launchBrowser();
const { page, pageErrors } = await openPage(browser, app);
await page.setViewportSize({ width: 1440, height: 900 });
for (const theme of ["light", "dark"] as const) {
  await page.emulateMedia({ colorScheme: theme });
  for (const [name, path] of screens) {
    await page.goto(`http://127.0.0.1:${app.port}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.getByText("Counting…").waitFor({ state: "hidden" });
    // A busy machine reads a recording for seconds.
    await page
      .getByLabel(/^Loading/)
      .first()
      .waitFor({ state: "hidden" });
    // Charts and canvases are drawn shortly after their data is loaded.
    await wait(1500);
    await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
  }
}
await client.call("training.stop", { run });
client.socket.close();
await browser.close();
await app.stop();
remove();
for (const complaint of pageErrors) console.error(complaint);
process.exitCode = pageErrors.length > 0 ? 1 : 0;
