/**
 * A comparison of many finished runs with curves of many epochs, on a test set as large as MIT-BIH's: the time of the
 * services, and the time from the address to the drawn page in a real browser.
 *
 *   node bench/comparison.ts [RUNS] [EPOCHS] [ROUNDS]
 *
 * The page counts as drawn with its settings, table, matrices and curves by epoch. McNemar's tests and the ROC and
 * precision–recall curves, which are computed from every test beat, follow and are timed separately. The machine may be
 * busy: medians over the rounds, and the worst.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createServices } from "../src/main/services/compose.ts";
import { openWorkspace } from "../src/main/store/workspace.ts";
import { launchBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";
import { addFinishedRun, addPreparation } from "../tests/support/finished-runs.ts";
import { median } from "./statistics.ts";

const runs = Number(process.argv[2] ?? 50);
const epochs = Number(process.argv[3] ?? 50);
const rounds = Number(process.argv[4] ?? 7);

/** The study's classes with about MIT-BIH's number of beats of each, divisible by five. */
const beats = {
  N: 75_000,
  L: 8_000,
  R: 7_200,
  V: 7_100,
  "/": 7_000,
  A: 2_500,
  f: 980,
  F: 800,
  j: 230,
  a: 150,
  E: 105,
  J: 80,
  Q: 30,
  e: 15,
};

const times = new Map<string, number[]>();
const note = (what: string, ms: number): void => void times.set(what, [...(times.get(what) ?? []), ms]);
async function timed(what: string, work: () => unknown): Promise<void> {
  const began = performance.now();
  await work();
  note(what, performance.now() - began);
}

const { folder, remove } = temporaryApp();
const place = join(folder, "workspace");
mkdirSync(place);
const workspace = openWorkspace(place, "write", () => {});
addPreparation(workspace, beats);
for (let seed = 1; seed <= runs; seed++) await addFinishedRun(workspace, { seed, epochs });
const ids = Array.from({ length: runs }, (_, i) => i + 1);

for (let round = 0; round < rounds; round++) {
  // New services each time: their caches would shorten the next round.
  const { comparison } = createServices(workspace, () => {});
  await timed("answer with all matrices", () => comparison.compare(ids));
  await timed("curves by epoch of all", () => ids.map((id) => workspace.runs.epochs(id)));
  await timed("ROC and PR of 2 runs", () => Promise.all([1, 2].map((id) => comparison.curves(id))));
  await timed("McNemar's test of 1 pair", () => comparison.paired(1, 2));
  await comparison.close();
}
workspace.close();

const app = await startApp(folder);
const browser = await launchBrowser();
for (let round = 0; round < rounds; round++) {
  const { page, context } = await openPage(browser, app);
  const began = performance.now();
  await page.goto(`http://127.0.0.1:${app.port}/compare?runs=${ids.join(",")}`);
  await page.locator("#matrices ~ * table").first().waitFor();
  await page.locator("#curves ~ * canvas").first().waitFor();
  await page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))");
  note("page from address to drawn", performance.now() - began);
  const paired = page.getByRole("table", { name: /^McNemar's test against/ });
  await paired.getByRole("row").last().getByRole("cell").nth(4).waitFor();
  await page.getByRole("table", { name: "Areas under the curves, test set" }).getByRole("row").nth(runs).waitFor();
  note("page with tests and areas", performance.now() - began);
  await context.close();
}
await browser.close();
await app.stop();
remove();

console.log(`${runs} runs of ${epochs} epochs, ${rounds} rounds, ms`);
for (const [what, each] of times) {
  const [middle, worst] = [median(each), Math.max(...each)].map((ms) => ms.toFixed(1).padStart(8));
  console.log(`${what.padEnd(32)} median ${middle}   worst ${worst}`);
}
