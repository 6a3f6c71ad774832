/**
 * Response times of the app: until it can be used, of requests while a 1D-CNN trains, and of frames over curves of a
 * million steps. The built app, served on this machine, in Chromium.
 *
 *     node bench/window.ts path/to/mitdb [seconds of training]
 *
 * Prints medians, 99th percentiles and the worst, in ms, and the machine's load, which decides them on a busy machine.
 */
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { launchBrowser, noBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";
import { fillWithRuns } from "../tests/support/many-runs.ts";
import { connect, type TestClient } from "../tests/support/socket-client.ts";

const [database, seconds = "30"] = process.argv.slice(2);
if (database === undefined || noBrowser !== "") {
  console.error(noBrowser || "node bench/window.ts path/to/mitdb [seconds of training]");
  process.exit(2);
}
const STARTS = 5;
/** Steps of the curves, in five epochs. */
const STEPS_PER_EPOCH = 200_000;
const RECORD = "208";

const times = new Map<string, number[]>();
const note = (what: string, ms: number): void => void times.set(what, [...(times.get(what) ?? []), ms]);

const { folder, remove } = temporaryApp();
const workspace = join(folder, "workspace");
// Dataset 1 and run 1 are random; the real ones follow.
fillWithRuns(workspace, 1, STEPS_PER_EPOCH);
const ectopy = (...args: string[]): void => {
  const entry = join(import.meta.dirname, "../src/main/cli/ectopy.ts");
  execFileSync(process.execPath, [entry, "--workspace", workspace, "--json", ...args], { stdio: "ignore" });
};
ectopy("import", database);
ectopy("prepare", "2", "--protocol", "inter-patient");

const browser = await launchBrowser();
for (let start = 0; start <= STARTS; start++) {
  const began = performance.now();
  const app = await startApp(folder);
  const { context } = await openPage(browser, app);
  // The first start is a warm-up, and may build the app.
  if (start > 0) note("from the command to a page that can be used", performance.now() - began);
  await context.close();
  await app.stop();
}

const app = await startApp(folder);
const { page } = await openPage(browser, app);
await curves();
const client = await connect(app.url, app.cookie);
await answers(client);
await browser.close();
client.socket.close();
await app.stop();
remove();

const quantile = (values: number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1).padStart(8);
};
console.log(`load ${loadavg()[0].toFixed(1)}`);
console.log(`${"".padEnd(48)}   median      99 %     worst   times`);
for (const [what, values] of times) {
  const figures = [0.5, 0.99, 1].map((share) => quantile(values, share));
  console.log(`${what.padEnd(48)} ${figures.join("  ")}   ${String(values.length).padStart(5)}`);
}

/** Opens the run's page again, moves the pointer over the chart and zooms with the wheel. */
async function curves(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    await page.goto(`http://127.0.0.1:${app.port}/runs/1`);
    const chart = page.locator("canvas").first();
    await chart.waitFor();
    note("curves of 1,000,000 steps, page to chart", performance.now() - began);
    const frames = await page.evaluate<number[]>(`(async () => {
      const canvas = document.querySelector("canvas");
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const taken = [];
      let last = performance.now();
      for (let i = 0; i < 120; i++) {
        const at = { clientX: left + (width * (20 + (i % 80))) / 120, clientY: top + height / 2, bubbles: true };
        canvas.dispatchEvent(new MouseEvent("mousemove", at));
        await new Promise(requestAnimationFrame);
        taken.push(performance.now() - last);
        last = performance.now();
      }
      return taken;
    })()`);
    for (const frame of frames) note("frame, pointer over those curves", frame);
  }
}

/** Sends one request after the other, as a page does that is used without a pause. */
async function answers(client: TestClient): Promise<void> {
  const { call } = client;
  const preparation = Math.max(...(await call("preparations.list", {})).map(({ id }) => id));
  const { run } = await call("training.start", { preparation, settings: defaultTraining("cnn") });
  await client.until("run.progress", (progress) => progress.run === run && progress.progress.step > 20);
  const record = { dataset: 2, record: RECORD };
  const questions: Record<string, () => Promise<unknown>> = {
    "runs.list": () => call("runs.list", {}),
    "runs.get": () => call("runs.get", { run }),
    "runs.epochs": () => call("runs.epochs", { run }),
    "runs.steps": () => call("runs.steps", { run, points: 1000 }),
    "runs.steps, of a million": () => call("runs.steps", { run: 1, points: 1000 }),
    "runs.evaluation": () => call("runs.evaluation", { run: 1, set: "test" }),
    "training.queue": () => call("training.queue", {}),
    "datasets.get": () => call("datasets.get", { dataset: 2 }),
    "preparations.get": () => call("preparations.get", { preparation }),
    "recordings.annotations": () => call("recordings.annotations", record),
    "recordings.envelope": () => call("recordings.envelope", { ...record, columns: 1200 }),
    "machine.info": () => call("machine.info", {}),
    "settings.set": () => call("settings.set", { theme: "system" }),
  };
  const end = performance.now() + 1000 * Number(seconds);
  while (performance.now() < end) {
    for (const [name, ask] of Object.entries(questions)) {
      const began = performance.now();
      await ask();
      const taken = performance.now() - began;
      note(`answer while a CNN trains: ${name}`, taken);
      note("answer while a CNN trains: all", taken);
    }
  }
  await call("training.stop", { run });
}
