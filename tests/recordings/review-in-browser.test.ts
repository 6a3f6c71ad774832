/** A review in a real browser: families, selection in plots, a dragged beat, noise that is marked and removed. */
import type { Locator, Page } from "@playwright/test";
import { describe, expect, it } from "vitest";
import { beginReview } from "../support/begin-review.ts";
import { unpackLabels } from "../../src/contract/domain/labels.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession, expectAccessible } from "../support/browser-session.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";
import { join } from "node:path";

describe.skipIf(noBrowser !== "")(`a review in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) => makeWorkspace(join(folder, "workspace"), [SAMPLE]));
  const place = { dataset: 1, record: "s02", set: "atr-reviewed" };
  const bar = (page: Page): Locator => page.getByRole("group", { name: "Review", exact: true });
  const edits = (page: Page, count: number): Promise<void> => bar(page).getByText(`Edits (${count})`).waitFor();
  const families = (page: Page): Locator => page.getByRole("listbox", { name: "Families" }).getByRole("option");
  const labels = async () => unpackLabels((await session.client.call("reviews.open", place)).labels);
  /** Drags on an element, between two shares of its width and height. */
  const drag = async (page: Page, target: Locator, from: [number, number], to: [number, number]): Promise<void> => {
    const { x, y, width, height } = (await target.boundingBox())!;
    await page.mouse.move(x + from[0] * width, y + from[1] * height);
    await page.mouse.down();
    await page.mouse.move(x + ((from[0] + to[0]) / 2) * width, y + ((from[1] + to[1]) / 2) * height);
    await page.mouse.move(x + to[0] * width, y + to[1] * height);
    await page.mouse.up();
  };

  it("labels, merges and splits families, and selects beats in plots, all by one log", async () => {
    const { page, pageErrors } = await session.visit("/recordings/1/s02?view=beats");
    await page.getByText("Press Review to begin.").waitFor();
    await beginReview(page, "A. Reviewer");
    await families(page).nth(1).waitFor();
    const count = await families(page).count();
    const all = (await labels()).filter(({ symbol }) => "NVSAF".includes(symbol)).length;

    // By keyboard: the second family, labelled as a whole.
    await families(page).first().focus();
    await page.keyboard.press("ArrowDown");
    const second = await families(page).nth(1).textContent();
    const size = Number(/([\d,]+) beats/.exec(second!)![1].replaceAll(",", ""));
    await page.getByRole("status").filter({ hasText: " chosen:" }).waitFor();
    await page.keyboard.press("Q");
    await edits(page, 1);
    expect((await labels()).filter(({ symbol }) => symbol === "Q")).toHaveLength(size);
    await page.keyboard.press("Control+z");
    await edits(page, 0);

    await families(page).first().focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Alt+m");
    await edits(page, 1);
    await expect.poll(() => families(page).count()).toBe(count - 1);
    await page.keyboard.press("Alt+s");
    await edits(page, 2);
    await expect.poll(() => families(page).count()).toBe(count);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await edits(page, 0);
    await expect.poll(() => families(page).count()).toBe(count);

    const plot = page.getByRole("img", { name: /^Poincaré plot of s02/ });
    await drag(page, plot, [0.1, 0.02], [0.98, 0.88]);
    const status = page.getByRole("status").filter({ hasText: " chosen:" });
    await status.waitFor();
    const chosen = Number(/^([\d,]+) beats/.exec(await status.innerText())![1].replaceAll(",", ""));
    // The first and the last beat have one interval alone.
    expect(chosen).toBeGreaterThan(all / 2);
    await page.getByRole("button", { name: "Map of beats" }).click();
    await page.getByRole("img", { name: /^Map of beats of s02/ }).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowLeft");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    await expectAccessible(page);
    await page.getByRole("button", { name: "RR over time" }).click();
    await drag(page, page.getByRole("img", { name: /^RR over time of s02/ }), [0.1, 0.02], [0.5, 0.88]);
    await page.keyboard.press("Alt+Enter");
    await page.getByRole("button", { name: "Strip", exact: true, pressed: true }).waitFor();
    expect(await bar(page).getByLabel("Queue").inputValue()).toBe("picked");
    expect(pageErrors).toEqual([]);
  });

  it("moves a beat by a drag that snaps to the peak, and marks and removes noise", async () => {
    const { samples, beats } = await session.client.call("recordings.annotations", { dataset: 1, record: "s02" });
    const { rate } = await session.client.call("recordings.envelope", { dataset: 1, record: "s02", columns: 10 });
    const beat = samples.find((sample, i) => beats[i] === 1 && sample > 60 * rate)!;
    const { page, pageErrors } = await session.visit(`/recordings/1/s02?t=${beat / rate}&set=atr-reviewed`);
    const trace = page.getByRole("img", { name: /^Recording .*Beats: / });
    await trace.waitFor();
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await bar(page).waitFor();
    const has = async (sample: number) => (await labels()).some((label) => label.sample === sample);
    const { x, y, width, height } = (await trace.boundingBox())!;
    // The view is centred on the beat; the gutter of the leads' names is left of the trace.
    const gutter = 58;
    const [middle, high] = [x + gutter + (width - gutter) / 2, y + height * 0.6];
    await page.mouse.click(middle, high);
    await page.keyboard.down("Alt");
    await page.mouse.move(middle, high);
    await page.mouse.down();
    await page.mouse.move(middle + 4, high);
    await page.mouse.move(middle + 9, high);
    await page.mouse.up();
    await page.keyboard.up("Alt");
    await edits(page, 1);
    expect(await has(beat)).toBe(false);
    const { sample: peak } = await session.client.call("reviews.peak", { dataset: 1, record: "s02", sample: beat });
    await page.mouse.move(middle + 9, high);
    await page.mouse.down();
    await page.mouse.move(middle + 4, high);
    await page.mouse.move(middle + 2, high);
    await page.mouse.up();
    await edits(page, 2);
    expect(await has(peak)).toBe(true);

    const episodes = async () => (await session.client.call("recordings.rhythm", place)).episodes;
    const before = await episodes();
    const noise = async (): Promise<number> => (await episodes()).filter(({ kind }) => kind === "noise").length;
    const hadNoise = await noise();
    await page.keyboard.down("Shift");
    await drag(page, trace, [0.3, 0.6], [0.5, 0.6]);
    await page.keyboard.up("Shift");
    await bar(page).getByLabel("Episode").selectOption("Noise");
    await bar(page).getByRole("button", { name: "Mark" }).click();
    await edits(page, 3);
    expect(await noise()).toBe(hadNoise + 1);
    await bar(page).getByLabel("Episode").selectOption("No noise");
    await bar(page).getByRole("button", { name: "Mark" }).click();
    await edits(page, 4);
    expect(await episodes()).toEqual(before);

    // A click adds a beat of the chosen label.
    await bar(page).getByRole("button", { name: /^More/ }).click();
    await page.getByLabel("Label of a beat that a click adds").selectOption("V");
    await page.keyboard.press("Escape");
    await page.mouse.click(middle + 45, high);
    await edits(page, 5);
    const [newest] = (await session.client.call("reviews.open", place)).log;
    expect(newest.text).toBe("Add V");
    await expectAccessible(page);
    await page.goto(`http://127.0.0.1:${session.app.port}/settings`);
    await expect.poll(() => page.getByLabel("Your name").inputValue()).toBe("A. Reviewer");
    expect(pageErrors).toEqual([]);
  });
});
