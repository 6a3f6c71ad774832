/**
 * Times of a review in the window, on a day of 100,000 beats: from a key or a pointer to the frame after its result.
 *
 *     node bench/review-window.ts path/to/mitdb [record] [times]
 *
 * The day is 48 copies of a record of MIT-BIH, one after the other (by default 100: 109,104 beats). Chromium compiles scripts as
 * for users, unlike in the tests. The machine's load is printed, since it decides the times on a busy machine.
 */
import { chromium, type Page } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { buildApp } from "../scripts/build-app.ts";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { parseAnnotations, writeAnnotations } from "../src/pipeline/recordings/wfdb/annotations.ts";
import { browserPath, noBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";

const COPIES = 48;
const SAMPLES = 650_000;
const [database, record = "100", times = "40"] = process.argv.slice(2);
if (database === undefined || noBrowser !== "") {
  console.error(noBrowser || "node bench/review-window.ts path/to/mitdb [record] [times]");
  process.exit(2);
}

/** Writes the copies as one record named `day`. */
function writeDay(folder: string): number {
  mkdirSync(folder);
  const read = (suffix: string): Buffer => readFileSync(join(database, `${record}.${suffix}`));
  const [first, ...leads] = read("hea")
    .toString()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const rate = first.split(" ")[2];
  const signals = leads.map((line) => line.replace(`${record}.dat`, "day.dat").split(" "));
  // The checksum is that of one copy.
  const described = signals.map((parts) => [...parts.slice(0, 6), "0", ...parts.slice(7)].join(" "));
  writeFileSync(
    join(folder, "day.hea"),
    [`day ${leads.length} ${rate} ${COPIES * SAMPLES}`, ...described, ""].join("\n"),
  );
  writeFileSync(join(folder, "day.dat"), Buffer.concat(Array.from({ length: COPIES }, () => read("dat"))));
  const { annotations } = parseAnnotations(read("atr"), `${record}.atr`);
  const beats = annotations.filter(({ symbol }) => symbol !== "+" && symbol !== "~");
  const all = Array.from({ length: COPIES }, (_, copy) =>
    beats.map((beat): Annotation => ({ ...beat, sample: beat.sample + copy * SAMPLES })),
  ).flat();
  writeFileSync(join(folder, "day.atr"), writeAnnotations(all));
  return all.length;
}

/** Performs an action in the page, and returns the ms until a frame in which `done` holds has been drawn. */
function time(page: Page, action: string, done: string): Promise<number> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const before = (${done})();
    const began = performance.now();
    (${action})();
    const look = () => {
      const now = (${done})();
      if (now !== before) requestAnimationFrame(() => resolve(performance.now() - began));
      else if (performance.now() - began > 60000) reject(new Error("Nothing has changed."));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}
const press = (key: string, modifiers = ""): string =>
  `() => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key: ${JSON.stringify(key)}, bubbles: true, cancelable: true, ${modifiers} }))`;
const click = (name: string): string =>
  `() => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === ${JSON.stringify(name)}).click()`;
const EDITS = `() => document.querySelector("details.log")?.textContent`;
const STATUS = `() => document.querySelector("[aria-label=Review] [role=status]")?.textContent`;
const CHOSEN = `() => document.querySelector(".chosen")?.textContent`;
const DRAWN = `() => document.querySelector("canvas.scatter")?.getAttribute("aria-label")`;

function say(what: string, measured: number[]): void {
  const sorted = measured.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  console.log(`${what.padEnd(42)} median ${at(0.5)} ms, 99 % ${at(0.99)} ms (${sorted.length} times)`);
}

const { folder, remove } = temporaryApp();
await buildApp(join(import.meta.dirname, ".."));
const beats = writeDay(join(folder, "day"));
const command = ["out/main/ectopy.js", "--workspace", join(folder, "workspace"), "import", join(folder, "day")];
const imported = spawnSync(process.execPath, command, { encoding: "utf8" });
if (imported.status !== 0) throw new Error(imported.stderr);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
const app = await startApp(folder);
try {
  const { page } = await openPage(browser, app);
  console.log(`${beats} beats, 1280 × 720; load ${loadavg()[0].toFixed(1)} before`);
  await page.goto(`http://127.0.0.1:${app.port}/recordings/1/day?t=3600`);
  await page.getByRole("slider").first().waitFor({ timeout: 300_000 });
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await page.getByLabel("Your name").fill("Benchmark");
  await page.getByRole("button", { name: "Save name" }).click();
  const bar = page.getByRole("group", { name: "Review", exact: true });
  await bar.getByText("Every edit is stored.").waitFor();
  const count = Number(times);
  const several = async (what: string, action: (i: number) => string, done: string): Promise<void> => {
    const measured: number[] = [];
    for (let i = 0; i < count; i++) {
      measured.push(await time(page, action(i), done));
      await page.waitForTimeout(30);
    }
    say(what, measured);
  };
  const opened: number[] = [];
  for (let i = 0; i < 5; i++) {
    await bar.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("button", { name: "End review" }).click();
    await bar.waitFor({ state: "detached" });
    opened.push(
      await time(page, click("Review"), `() => document.querySelector('[role=group][aria-label=Review]') !== null`),
    );
  }
  say("open the review", opened);
  await page.keyboard.press("ArrowRight");
  await several("next beat", () => press("ArrowRight"), STATUS);
  await several("relabel a beat", (i) => press(i % 2 === 0 ? "V" : "S"), EDITS);
  await several("undo", () => press("z", "ctrlKey: true"), EDITS);
  await several("redo", () => press("Z", "ctrlKey: true, shiftKey: true"), EDITS);
  await several("next beat of the queue", () => press("ArrowRight", "ctrlKey: true"), STATUS);
  say("open “Beats”: families of all beats", [
    await time(page, click("Beats"), `() => document.querySelector('[role=option][aria-selected]') !== null`),
  ]);
  await several(
    "choose a family",
    (i) => `() => document.querySelectorAll(".family")[${i % 2}].click()`,
    `() => document.querySelector('.family[aria-selected=true]')?.textContent`,
  );
  await several(
    "switch the plot",
    (i) => click(["RR over time", "Map of beats", "Poincaré plot"][i % 3]),
    `() => document.querySelector("canvas.scatter")?.getAttribute("aria-label")?.slice(0, 5)`,
  );
  const box = (await page.locator("canvas.scatter").boundingBox())!;
  const point = (kind: string, x: number, y: number): string =>
    `canvas.dispatchEvent(new PointerEvent("${kind}", { clientX: ${x}, clientY: ${y}, button: 0, bubbles: true, pointerId: 1 }));`;
  await page.evaluate(`HTMLCanvasElement.prototype.setPointerCapture = () => {}`);
  await several(
    "select by a box",
    (i) => `() => {
      const canvas = document.querySelector("canvas.scatter");
      ${point("pointerdown", box.x + 60, box.y + 20)}
      ${point("pointermove", box.x + (i % 2 === 0 ? 560 : 70), box.y + (i % 2 === 0 ? 360 : 40))}
      ${point("pointerup", box.x + (i % 2 === 0 ? 560 : 70), box.y + (i % 2 === 0 ? 360 : 40))}
    }`,
    DRAWN,
  );
  const [smallest] = [await page.locator(".family").count()];
  await page
    .locator(".family")
    .nth(smallest - 1)
    .click();
  await several("relabel a small family", (i) => press(i % 2 === 0 ? "V" : "S"), CHOSEN);
  await page.locator(".family").first().click();
  const whole: number[] = [];
  for (const key of ["V", "N", "V"]) whole.push(await time(page, press(key), CHOSEN));
  say("relabel the largest family", whole);
  console.log(`load ${loadavg()[0].toFixed(1)} after`);
} finally {
  await browser.close();
  await app.stop();
  remove();
}
