/**
 * The table of runs in a real browser, with very many runs: times until it is listed, sorted and searched, and frames
 * while it scrolls.
 *
 *   node bench/runs-table.ts [RUNS] [ROUNDS]
 *
 * Times are from the click or key to the frame after the one that shows it. At 60 frames per second a frame takes 16.7
 * ms; one of more than 50 ms is noticeable. The machine may be busy: medians over the rounds, and the worst.
 */
import { performance } from "node:perf_hooks";
import { launchBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";
import { fillWithRuns } from "../tests/support/many-runs.ts";
import { join } from "node:path";
import { median } from "./statistics.ts";

const runs = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 7);

const { folder, remove } = temporaryApp();
fillWithRuns(join(folder, "workspace"), runs);
const app = await startApp(folder);
const browser = await launchBrowser();
const { page } = await openPage(browser, app);
const times = new Map<string, number[]>();
const note = (what: string, ms: number): void => void times.set(what, [...(times.get(what) ?? []), ms]);

/**
 * Milliseconds from an action in the page to two frames later, when its result is painted. A text, since the page runs
 * no TypeScript.
 */
const timed = (selector: string, act: string): Promise<number> =>
  page.evaluate<number>(`(async () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const began = performance.now();
    ${act}
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - began;
  })()`);
const type = (text: string): string =>
  `element.value = ${JSON.stringify(text)}; element.dispatchEvent(new InputEvent("input", { bubbles: true }));`;

/** Returns the times of 120 frames, in ms. @param by pixels scrolled in each */
const frames = (by: number): Promise<number[]> =>
  page.evaluate<number[]>(`(async () => {
    const table = document.querySelector("[aria-label='Table of runs']");
    const taken = [];
    let last = performance.now();
    for (let i = 0; i < 120; i++) {
      table.scrollTop += ${by};
      await new Promise(requestAnimationFrame);
      taken.push(performance.now() - last);
      last = performance.now();
    }
    return taken;
  })()`);

for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  await page.goto(`http://127.0.0.1:${app.port}/runs`);
  await page.locator("[data-row='0']").waitFor();
  note("page opened and listed", performance.now() - began);
  const search = "input[aria-label='Search runs']";
  note("one letter of a search", await timed(search, type("c")));
  note("a complete search", await timed(search, type("cnn macrof1>70 tag:final")));
  note("search cleared", await timed(search, type("")));
  for (const [what, by] of [
    ["at rest", 0],
    ["scrolling", 100],
    ["scrolling fast", 700],
  ] as const) {
    const taken = await frames(by);
    note(`frame ${what}, median`, median(taken));
    note(`frame ${what}, worst`, Math.max(...taken));
  }
  note("one run selected", await timed("[data-row] [type=checkbox]", "element.click();"));
  note("all selected", await timed("[aria-label='Select all']", "element.click();"));
  note("none selected", await timed("[aria-label='Select all']", "element.click();"));
  // By a metric from the highest, then from the lowest, then in default order.
  for (const order of ["highest first", "lowest first", "default order"]) {
    note(`sorted, ${order}`, await timed("[role=columnheader]:nth-child(8) button", "element.click();"));
    await page.waitForTimeout(300);
  }
}

console.log(`${runs.toLocaleString("en-US")} runs, ${rounds} rounds, ms`);
for (const [what, each] of times) {
  console.log(
    `${what.padEnd(32)} median ${median(each).toFixed(1).padStart(7)}   worst ${Math.max(...each)
      .toFixed(1)
      .padStart(7)}`,
  );
}
await browser.close();
await app.stop();
remove();
