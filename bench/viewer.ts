/**
 * Smoothness of the viewer on a record of MIT-BIH: the built app in Chromium, scrolled and zoomed without a pause at
 * several scales. Prints frames per second, and the 99th percentiles of frame times and of answers.
 *
 *     node bench/viewer.ts path/to/mitdb [record] [seconds]
 *     node bench/viewer.ts day                                a day of three leads, which the bench makes
 *
 * The time until a recording is shown is printed too, from its address to the first trace: at first it is verified, read
 * and kept.
 *
 * Frames are calls of requestAnimationFrame; `drawing` is the time of the page's script in one. The machine's load is
 * printed, since it decides the times on a busy machine.
 */
import type { Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { launchBrowser, noBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";
import { writeDay } from "./make-record.ts";
import { importInspected } from "../tests/support/guided-path.ts";

const [source, chosen, seconds = "5"] = process.argv.slice(2);
const day = source === "day" ? mkdtempSync(join(tmpdir(), "ectopy-day-")) : null;
if (day !== null) writeDay(day);
const database = day ?? source;
const record = chosen ?? (day === null ? "208" : "day");
if (database === undefined || noBrowser !== "") {
  console.error(noBrowser || "node bench/viewer.ts path/to/mitdb [record] [seconds]");
  process.exit(2);
}

interface Measured {
  /** Times in ms: between frames, of the script in a frame, and of answers over the socket. */
  frames: number[];
  drawing: number[];
  answers: number[];
}

/** Records the time of answers: each message of the socket has the number of its request. */
const watchSocket = `
  window.answers = [];
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.watched) {
      this.watched = [];
      this.addEventListener("message", ({ data }) => {
        const text = new TextDecoder().decode(new Uint8Array(data, 8, new DataView(data).getUint32(0, true)));
        const id = /"id":(\\d+)/.exec(text)?.[1];
        const asked = id === undefined ? undefined : this.watched[Number(id)];
        if (asked !== undefined) window.answers.push(performance.now() - asked);
      });
    }
    const id = /"id":(\\d+)/.exec(new TextDecoder().decode(data))?.[1];
    if (id !== undefined) this.watched[Number(id)] = performance.now();
    return send.call(this, data);
  };
  window.drawing = [];
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (work) => request((time) => {
    const began = performance.now();
    work(time);
    window.drawing.push(performance.now() - began);
  });
  window.plainFrame = request;
`;

/** Scrolls by one wheel event per frame, as a trackpad does, and records the time of each frame. */
function move(page: Page, zooming: boolean): Promise<Measured> {
  return page.evaluate(`new Promise((done) => {
    const canvas = document.querySelector("canvas[role=img]");
    const box = canvas.getBoundingClientRect();
    window.drawing = [];
    window.answers = [];
    const frames = [];
    let last = 0;
    let began = 0;
    const step = (time) => {
      if (last > 0) frames.push(time - last);
      else began = time;
      last = time;
      if (time - began > ${1000 * Number(seconds)}) {
        done({ frames, drawing: window.drawing, answers: window.answers });
        return;
      }
      const deltaY = ${zooming} ? 30 * Math.cos(((time - began) / 1500) * Math.PI) : 45;
      const place = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
      canvas.dispatchEvent(
        new WheelEvent("wheel", { deltaY, ctrlKey: ${zooming}, ...place, cancelable: true, bubbles: true }),
      );
      window.plainFrame(step);
    };
    window.plainFrame(step);
  })`);
}

function percentile(values: number[], part: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return value === undefined ? "none" : `${value.toFixed(1)} ms`;
}

const { folder, remove } = temporaryApp();
const [browser, app] = await Promise.all([launchBrowser(), startApp(folder)]);
try {
  const { page, context } = await openPage(browser, app);
  await context.addInitScript(watchSocket);
  await page.getByRole("button", { name: "enter a path" }).click();
  await page.getByLabel("Folder or file").fill(resolve(database));
  await page.keyboard.press("Enter");
  await importInspected(page, basename(resolve(database)));
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.setViewportSize({ width: 1920, height: 1080 });
  console.log(`record ${record}, 1920 × 1080, ${seconds} s each; load ${loadavg()[0].toFixed(1)} before`);
  for (const when of ["first", "second"]) {
    const began = performance.now();
    await page.goto(`http://127.0.0.1:${app.port}/recordings/1/${record}`);
    await page.getByRole("slider").waitFor();
    await page.locator("canvas[role=img]").waitFor();
    console.log(`shown the ${when} time after ${(performance.now() - began).toFixed(0)} ms`);
  }
  for (const { name, further, zooming, denoised } of [
    { name: "pan at 25 mm/s", further: 0, zooming: false, denoised: false },
    { name: "pan at 25 mm/s, filtered too", further: 0, zooming: false, denoised: true },
    { name: "pan at 2.5 mm/s", further: 4, zooming: false, denoised: false },
    { name: "pan at 0.25 mm/s", further: 7, zooming: false, denoised: false },
    { name: "zoom in and out", further: 0, zooming: true, denoised: false },
    { name: "zoom in and out, filtered too", further: 0, zooming: true, denoised: true },
  ]) {
    await page.goto(`http://127.0.0.1:${app.port}/recordings/1/${record}?t=300`);
    await page.getByRole("slider").waitFor();
    if (denoised) await page.keyboard.press("d");
    for (let i = 0; i < further; i++) await page.keyboard.press("-");
    await page.waitForTimeout(1000);
    const { frames, drawing, answers } = await move(page, zooming);
    const total = frames.reduce((a, b) => a + b, 0);
    console.log(
      `${name.padEnd(30)} ${((1000 * frames.length) / total).toFixed(1)} frames/s; 99 % of frames within ` +
        `${percentile(frames, 0.99)}, of drawing within ${percentile(drawing, 0.99)} (half: ${percentile(drawing, 0.5)}); ` +
        `${answers.length} answers, 99 % within ${percentile(answers, 0.99)}`,
    );
  }
  console.log(`load ${loadavg()[0].toFixed(1)} after`);
} finally {
  await browser.close();
  await app.stop();
  remove();
  if (day !== null) rmSync(day, { recursive: true });
}
