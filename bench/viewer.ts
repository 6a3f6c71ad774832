/**
 * How smoothly a record of the real database is moved through: the built app in Chromium, panned and zoomed without a pause, at
 * each of several scales. Frames a second, and how long a frame and an answer take at the 99th percentile.
 *
 *     node bench/viewer.ts path/to/mitdb [record] [seconds]
 *
 * Frames are those that the page was given (requestAnimationFrame); `drawing` is what the page's own script takes of one. The load
 * of the machine is printed, since it decides the figures on a busy one.
 */
import type { Page } from "@playwright/test";
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { launchBrowser, noBrowser, openPage, startApp, temporaryApp } from "../tests/support/app.ts";

const [database, record = "208", seconds = "5"] = process.argv.slice(2);
if (database === undefined || noBrowser !== "") {
  console.error(noBrowser || "node bench/viewer.ts path/to/mitdb [record] [seconds]");
  process.exit(2);
}

interface Measured {
  /** In ms: between frames, of the script in a frame, and of answers over the socket. */
  frames: number[];
  drawing: number[];
  answers: number[];
}

/** Notes when answers come: each message of the socket carries the number of its question. */
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

/** Moves the drawing by a wheel event a frame, as a trackpad does, and notes what each frame took. */
function move(page: Page, zooming: boolean): Promise<Measured> {
  return page.evaluate(
    ({ zooming, milliseconds }) => {
      const canvas = document.querySelector("canvas[role=img]")!;
      const box = canvas.getBoundingClientRect();
      const watched = window as unknown as {
        drawing: number[];
        answers: number[];
        plainFrame: typeof requestAnimationFrame;
      };
      watched.drawing = [];
      watched.answers = [];
      const frames: number[] = [];
      return new Promise<Measured>((done) => {
        let last = 0;
        let began = 0;
        const step = (time: number): void => {
          if (last > 0) frames.push(time - last);
          else began = time;
          last = time;
          if (time - began > milliseconds) {
            done({ frames, drawing: watched.drawing, answers: watched.answers });
            return;
          }
          const phase = (time - began) / 1500;
          canvas.dispatchEvent(
            new WheelEvent("wheel", {
              deltaY: zooming ? 30 * Math.cos(phase * Math.PI) : 45,
              ctrlKey: zooming,
              clientX: box.left + box.width / 2,
              clientY: box.top + box.height / 2,
              cancelable: true,
              bubbles: true,
            }),
          );
          watched.plainFrame(step);
        };
        watched.plainFrame(step);
      });
    },
    { zooming, milliseconds: 1000 * Number(seconds) },
  );
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
  await page.getByRole("button", { name: "give its path" }).click();
  await page.getByLabel("Folder or ZIP file").fill(resolve(database));
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "48", exact: true }).waitFor();
  await page.setViewportSize({ width: 1920, height: 1080 });
  console.log(`record ${record}, 1920 × 1080, ${seconds} s each; load ${loadavg()[0].toFixed(1)} before`);
  for (const { name, further, zooming, denoised } of [
    { name: "pan at 25 mm/s", further: 0, zooming: false, denoised: false },
    { name: "pan at 25 mm/s, denoised too", further: 0, zooming: false, denoised: true },
    { name: "pan at 2 mm/s", further: 6, zooming: false, denoised: false },
    { name: "pan at 0.3 mm/s", further: 11, zooming: false, denoised: false },
    { name: "zoom in and out", further: 0, zooming: true, denoised: false },
    { name: "zoom in and out, denoised too", further: 0, zooming: true, denoised: true },
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
}
