/**
 * Recordings in a real browser: the table and the viewer, with real recordings where they exist, else the sample
 * dataset.
 */
import type { Locator, Page } from "@playwright/test";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { beginReview } from "../support/begin-review.ts";
import { importInspected } from "../support/guided-path.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";
import { sampleFiles, writeSampleRecords } from "../support/sample-records.ts";

/** Two recordings or more, and facts about the first. */
const known = mitdb
  ? { names: ["100", "207", "208"], leads: "MLII, V5", duration: "30 min 06 s" }
  : { names: ["s02", "s03"], leads: "MLII, V1", duration: "5 min 00 s" };
const [first, second] = known.names;

describe.skipIf(noBrowser !== "")(`recordings in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();
  const { visit } = session;
  const drawing = (page: Page): Locator => page.getByRole("img", { name: /^Recording .*Beats: / });
  const slider = (page: Page): Locator => page.getByRole("slider", { name: "Position in the recording" });
  const seconds = async (page: Page): Promise<number> => Number(await slider(page).getAttribute("aria-valuenow"));
  const timeInAddress = (page: Page): number => Number(new URL(page.url()).searchParams.get("t"));
  /** Whether the drawing has a pixel close to a colour, `#rrggbb`. */
  const has = (page: Page, colour: string): Promise<boolean> =>
    page.evaluate(`(() => {
      const canvas = document.querySelector("canvas[role=img]");
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const target = [1, 3, 5].map((at) => Number.parseInt("${colour}".slice(at, at + 2), 16));
      for (let i = 0; i < data.length; i += 4) {
        if (target.every((value, k) => Math.abs(data[i + k] - value) <= 2)) return true;
      }
      return false;
    })()`);
  const hasFocus = async (page: Page, target: Locator): Promise<boolean> =>
    (await target.and(page.locator(":focus")).count()) === 1;

  it("links to the import where there are no recordings", async () => {
    const { page, pageErrors } = await visit("/recordings");
    await page.getByText("There are no recordings yet.").waitFor();
    await page.getByRole("link", { name: "Add recordings" }).click();
    await page.getByRole("button", { name: "Create sample" }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("lists the recordings of a dataset with their quality issues", async () => {
    const source = join(session.folder, "cohort");
    mkdirSync(source);
    if (mitdb) {
      for (const name of known.names) {
        for (const end of ["hea", "dat", "atr"]) cpSync(join(mitdb, `${name}.${end}`), join(source, `${name}.${end}`));
      }
    } else writeSampleRecords(source, known.names);
    const [header] = [...sampleFiles("s05")].filter(([name]) => name.endsWith(".hea"));
    writeFileSync(join(source, "s05.hea"), header[1]);
    const { page, pageErrors } = await visit("/");
    await page.locator("input[webkitdirectory]").setInputFiles(source);
    await importInspected(page, "cohort");
    await page.getByText(`cohort: ${known.names.length} recordings`).waitFor();
    await page.getByRole("link", { name: "cohort", exact: true }).click();
    await page.waitForURL(/\/recordings\/1$/);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: first, exact: true }) });
    await row.getByText(known.duration).waitFor();
    await row.getByText(known.leads).waitFor();
    await row.getByText("none").waitFor();
    await page.getByRole("link", { name: "Excluded" }).waitFor();
    await page.getByRole("heading", { name: "Import warnings" }).waitFor();
    await page
      .getByText(/s05\.dat/)
      .first()
      .waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("filters the recordings by beat type", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { page } = await visit("/recordings/1");
    await page.getByRole("button", { name: "V 1,098 beats" }).click();
    await expect.poll(() => page.getByRole("row").getByRole("link").allInnerTexts()).toEqual(["208", "207", "100"]);
    await page.getByRole("button", { name: "Open recording 208" }).waitFor();
    await page.getByRole("button", { name: "S 2 beats" }).click();
    await expect.poll(() => page.getByRole("row").getByRole("link").allInnerTexts()).toEqual(["208"]);
  });

  it("draws a recording at 25 mm/s and 10 mm/mV", async () => {
    const { page, pageErrors } = await visit("/recordings/1");
    await page.getByRole("link", { name: first, exact: true }).click();
    await drawing(page).waitFor();
    await page.getByText("25 mm/s · 10 mm/mV").waitFor();
    expect(await drawing(page).getAttribute("aria-label")).toMatch(
      /^Recording \w+, 0:00\.0 to 0:09\.\d, MLII and V\d\. Beats: \d/,
    );
    // Ink, paper and its lines, in the light theme.
    for (const colour of ["#1b2024", "#fffaf8", "#f8e6e1", "#efc9c0"]) {
      await expect.poll(() => has(page, colour), { timeout: 20_000 }).toBe(true);
    }
    expect(pageErrors).toEqual([]);
  });

  it("opens the time of the address with its beat, and updates the address", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    await expect.poll(() => seconds(page)).toBe(100);
    await page.keyboard.press("n");
    await page
      .getByRole("status")
      .filter({ hasText: / of [\d,]+ at 1:4\d\.\d{3}/ })
      .waitFor();
    await expect.poll(() => timeInAddress(page)).not.toBe(100);
    const time = timeInAddress(page);
    expect(time).toBeGreaterThan(100);
    expect(time).toBeLessThan(103);
    const beat = await page.getByRole("status").filter({ hasText: " of " }).innerText();
    await page.reload();
    await expect.poll(() => page.getByRole("status").filter({ hasText: " of " }).innerText()).toBe(beat);
    await page.goto(`http://127.0.0.1:${session.app.port}/recordings/1/${first}?t=nonsense`);
    await expect.poll(() => seconds(page)).toBe(5);
  });

  it("finds the one ventricular beat among 2,273 by key", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { page } = await visit("/recordings/1/100");
    await drawing(page).waitFor();
    await page.getByRole("button", { name: "V 1 beats", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("n");
    // Sample 546792 at 360 Hz, as wfdb-python 4.3.1 lists it.
    await page.getByText("1 of 1 at 25:18.867").waitFor();
    await expect.poll(() => timeInAddress(page)).toBe(1518.867);
    // In the colour of its class, in the light theme.
    await expect.poll(() => has(page, "#f75f1e")).toBe(true);
    await page.keyboard.press("n");
    await page.getByText("No next V beat.").waitFor();
    await page.getByRole("button", { name: "A 33 beats" }).click();
    await page.getByRole("button", { name: "Previous A beat" }).click();
    await page.getByText(/\d+ of 33 at 2[45]:/).waitFor();
  });

  it("scrolls by key, wheel, drag and overview, and zooms at the pointer", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    const paper = (await drawing(page).boundingBox())!;
    const middle = { x: paper.x + paper.width / 2, y: paper.y + paper.height / 2 };
    await expect.poll(() => seconds(page)).toBe(100);
    await page.keyboard.press("PageDown");
    await expect.poll(() => seconds(page)).toBe(109);
    await page.keyboard.press("PageUp");
    await expect.poll(() => seconds(page)).toBe(100);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.wheel(0, 945);
    await expect.poll(() => seconds(page)).toBe(110);
    await page.mouse.down();
    await page.mouse.move(middle.x + 100, middle.y);
    await page.mouse.move(middle.x + 189, middle.y);
    await page.mouse.up();
    await expect.poll(() => seconds(page)).toBe(108);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -500);
    await page.keyboard.up("Control");
    // A zoom ends on a step.
    await page.getByText("100 mm/s · 10 mm/mV").waitFor();
    await page.keyboard.press("0");
    await page.getByText("25 mm/s · 10 mm/mV").waitFor();
    await page.keyboard.press("End");
    await expect.poll(() => seconds(page)).toBeGreaterThan(290);
    const strip = (await slider(page).boundingBox())!;
    // The overview has a gutter of 58 pixels, as the trace.
    await page.mouse.click(strip.x + 58 + (strip.width - 58) / 2, strip.y + 10);
    const whole = Number(await slider(page).getAttribute("aria-valuemax"));
    await expect.poll(async () => Math.abs((await seconds(page)) - whole / 2)).toBeLessThan(3);
    await page.keyboard.press("Home");
    await expect.poll(() => seconds(page)).toBe(5);
  });

  it("does not describe a beat that is out of view", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    await page.keyboard.press("n");
    const beat = page.getByRole("status").filter({ hasText: "RR (prev)" });
    await beat.waitFor();
    await page.keyboard.press("PageDown");
    await beat.waitFor({ state: "detached" });
    await page.keyboard.press("PageUp");
    await beat.waitFor();
    await page.keyboard.press("PageDown");
    await page.keyboard.press("n");
    await beat.filter({ hasText: /at 1:(49|5\d)/ }).waitFor();
  });

  it("shows ventricular flutter as an episode to jump to", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { page } = await visit("/recordings/1/207");
    await drawing(page).waitFor();
    await page.getByRole("button", { name: "VFL 6 episodes" }).click();
    await page.getByRole("button", { name: "Next VFL episode" }).click();
    await page.getByText("1 of 6 · Ventricular flutter · 0:40.80 to 0:51.10 · 10.30 s").waitFor();
    expect(await drawing(page).getAttribute("aria-label")).toMatch(/Rhythm: .*VFL\.$/);
    for (const name of ["Ventricular flutter wave 472", "Artefact (QRS-like) 2"])
      await page.getByRole("button", { name: `${name} annotations` }).waitFor();
    await slider(page).hover();
    await page.keyboard.press("n");
    expect(await slider(page).getAttribute("aria-valuetext")).toContain("VFL");
  });

  it("changes the scale, and shows the whole recording", async () => {
    const { page } = await visit(`/recordings/1/${first}`);
    await drawing(page).waitFor();
    await page.getByLabel("Paper speed").selectOption("50 mm/s");
    await page.getByLabel("Gain").selectOption("20 mm/mV");
    await page.getByText("50 mm/s · 20 mm/mV").waitFor();
    await page.getByLabel("Paper speed").selectOption("whole recording");
    await expect
      .poll(() => drawing(page).getAttribute("aria-label"))
      .toContain(mitdb ? "0:00.0 to 30:05.6" : "0:00.0 to 5:00.0");
    await expect.poll(() => has(page, "#1b2024")).toBe(true);
  });

  it("draws the filtered trace over the raw one, with the filter's settings", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=30`);
    await drawing(page).waitFor();
    await page.keyboard.press("w");
    await expect.poll(() => has(page, "#0b6e75")).toBe(false);
    await page.keyboard.press("d");
    await page.getByText("db4, 7 levels, soft").waitFor();
    await expect.poll(() => has(page, "#0b6e75"), { timeout: 20_000 }).toBe(true);
    await page.getByRole("button", { name: /^Show/ }).click();
    await page.getByRole("checkbox", { name: /^Filtered/ }).uncheck();
    await expect.poll(() => has(page, "#0b6e75")).toBe(false);
  });

  it("measures with calipers by drag and by key, and reads amplitudes under the pointer", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    await expect.poll(() => has(page, "#1b2024")).toBe(true);
    await page.keyboard.press("m");
    const measured = page.getByText(/Calipers \d+ ms · \d+ bpm · .*Δ −?\d\.\d\d mV/);
    await measured.waitFor();
    const paper = (await drawing(page).boundingBox())!;
    await page.mouse.move(paper.x + 300, paper.y + 150);
    await page.mouse.down();
    await page.mouse.move(paper.x + 350, paper.y + 150);
    // 94.49 pixels are 1 s at 25 mm/s.
    await page.mouse.move(paper.x + 300 + 94.49, paper.y + 150);
    await page.mouse.up();
    await page.getByText(/Calipers (99\d|100\d) ms · 60 bpm/).waitFor();
    expect(await seconds(page)).toBe(100);
    const end = page.getByRole("slider", { name: "Caliper end" });
    const before = Number(await end.getAttribute("aria-valuenow"));
    await end.focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("ArrowLeft");
    expect(Number(await end.getAttribute("aria-valuenow"))).toBe(before + 9);
    await page.keyboard.press("m");
    await measured.waitFor({ state: "detached" });
  });

  it("hides, moves and inverts leads, and fits and steps the gain by key", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    const [upper, lower] = known.leads.split(", ");
    await page.getByRole("button", { name: "Leads 2 of 2" }).click();
    await page.getByRole("checkbox", { name: upper, exact: true }).uncheck();
    await page.getByRole("button", { name: "Leads 1 of 2" }).waitFor();
    // The last lead stays.
    await page.getByRole("checkbox", { name: lower, exact: true }).click();
    await page.getByRole("button", { name: "Leads 1 of 2" }).waitFor();
    await page.getByRole("checkbox", { name: `Invert ${lower}` }).check();
    await page.getByRole("button", { name: `Move ${lower} up` }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Leads 1 of 2" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press(">");
    await page.getByText("25 mm/s · 20 mm/mV").waitFor();
    await page.keyboard.press("<");
    await page.keyboard.press("<");
    await page.getByText("25 mm/s · 5 mm/mV").waitFor();
    await page.keyboard.press("f");
    await page.getByText(/25 mm\/s · (20|40) mm\/mV/).waitFor();
    await page.keyboard.press("-");
    await page
      .getByText(/12\.5 mm\/s ·/)
      .first()
      .waitFor();
  });

  it("shows the whole recording in lines, and its events with counts per hour; both lead to the strip", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    await page.getByRole("button", { name: "Full disclosure" }).click();
    await page.getByRole("img", { name: /, 0:00 to \d+:\d\d$/ }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("view")).toBe("disclosure");
    await page.reload();
    await page.getByRole("img", { name: /, 0:00 to \d+:\d\d$/ }).waitFor();
    await page.getByRole("button", { name: "Show 2:00 in the strip" }).click();
    await expect.poll(() => seconds(page)).toBe(120);
    await page.getByRole("button", { name: "Events", exact: true }).click();
    await page.getByRole("columnheader", { name: "Per hour" }).waitFor();
    await page
      .getByRole("button", { name: /^Show 0:0[0-2]\.\d{3} in the strip/ })
      .first()
      .click();
    await page
      .getByRole("status")
      .filter({ hasText: /^\S+ 1 of / })
      .waitFor();
    await expect.poll(() => seconds(page)).toBe(5);
  });

  it("reports the recording: an extreme leads to its place, and the report is saved", async () => {
    const { page } = await visit(`/recordings/1/${first}?view=report`);
    await page.getByRole("heading", { name: "Extremes" }).waitFor();
    await page.getByRole("img", { name: "Highest heart rate, 10 s of ECG" }).waitFor();
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByLabel("Pause: RR interval above").fill("1");
    await page.getByLabel("RR intervals of the lowest and highest rate").fill("1");
    await page.keyboard.press("Escape");
    await page.getByRole("img", { name: /^Longest pause, 10 s of ECG/ }).waitFor();
    await page.getByRole("button", { name: "Save report" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "HTML", exact: true }).click(),
    ]);
    const report = readFileSync(await download.path(), "utf8");
    expect(report).toContain("Not a diagnosis.");
    expect(report).toContain("Pause: an RR interval above 1 s.");
    expect(report).not.toMatch(/Aldomet/);
    await page.getByRole("button", { name: /^Show Highest heart rate at/ }).click();
    await drawing(page).waitFor();
    expect(new URL(page.url()).searchParams.get("view")).toBeNull();
  });

  it("saves the strip without patient notes", async () => {
    const { page } = await visit(`/recordings/1/${first}?t=100`);
    await drawing(page).waitFor();
    await expect.poll(() => has(page, "#1b2024")).toBe(true);
    await page.getByRole("button", { name: "Save strip" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "SVG", exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${first}-1\\.3\\d\\.\\d\\.svg$`));
    const svg = readFileSync(await download.path(), "utf8");
    expect(svg).toContain(`Recording ${first} · 1:3`);
    expect(svg).toContain("25 mm/s · 10 mm/mV");
    expect(svg).toContain('stroke="#1b2024"');
    expect(svg).not.toMatch(/Age|male|Aldomet/);
  });

  it("fits windows from 640 × 360 to 1920 × 1080 pixels: nothing overlaps or scrolls sideways", async () => {
    const { page } = await visit(`/recordings/1/${second}?t=60`);
    await drawing(page).waitFor();
    for (const [width, height] of [
      [1920, 1080],
      [1280, 720],
      [1024, 640],
      [640, 360],
    ]) {
      await page.setViewportSize({ width, height });
      for (const mode of ["Full disclosure", "Events", "Report", "Strip"]) {
        await page.getByRole("button", { name: mode, exact: true }).click();
        if (mode === "Report") await page.getByRole("heading", { name: "Hours" }).waitFor();
        const sideways = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        expect(sideways, `${mode} at ${width}`).toBeLessThanOrEqual(0);
      }
      const overlaps = await page.evaluate(`(() => {
        const boxes = [...document.querySelectorAll(".viewer :is(select, button, input)")]
          .filter((each) => each.checkVisibility())
          .map((each) => ({ name: each.textContent.trim() || each.id, box: each.getBoundingClientRect() }));
        const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b]));
        return pairs
          .filter(([{ box: a }, { box: b }]) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
          .map(([a, b]) => a.name + " / " + b.name);
      })()`);
      expect(overlaps, `at ${width}`).toEqual([]);
    }
  });

  it("goes to a typed time, and reports an invalid one", async () => {
    const { page } = await visit(`/recordings/1/${first}`);
    await drawing(page).waitFor();
    await page.keyboard.press("g");
    const field = page.getByLabel("Time");
    await expect.poll(() => hasFocus(page, field)).toBe(true);
    await field.fill("soon");
    await page.getByText("Enter a time such as 90, 1:30 or 1:30.5").waitFor();
    await field.fill("99:00");
    await page.getByText("After the end of the recording").waitFor();
    await field.fill("2:30");
    await page.keyboard.press("Enter");
    await expect.poll(() => seconds(page)).toBe(150);
    // The viewer gets the keys back.
    await page.keyboard.press("PageUp");
    await expect.poll(() => seconds(page)).toBe(141);
  });

  it("works with the keyboard alone, from the table to the next recording", async () => {
    const { page, pageErrors } = await visit("/recordings/1");
    const link = page.getByRole("link", { name: first, exact: true });
    await link.waitFor();
    for (let i = 0; i < 60 && !(await hasFocus(page, link)); i++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await drawing(page).waitFor();
    await page.keyboard.press("n");
    await page.getByRole("status").filter({ hasText: " of " }).waitFor();
    const next = page.getByRole("button", { name: "Next recording" });
    for (let i = 0; i < 60 && !(await hasFocus(page, next)); i++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Recording ${second}` }).waitFor();
    await page.waitForURL(new RegExp(`/recordings/1/${second}`));
    await page.keyboard.press("?");
    await page.getByText("Next beat or event of the selected type").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("reports an invalid address", async () => {
    const { page } = await visit("/recordings/1/nobody");
    await page.getByRole("alert").filter({ hasText: "has no recording nobody" }).waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/recordings/1/s05`);
    await page.getByRole("alert").filter({ hasText: "was excluded from the import" }).waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/recordings/77`);
    await page.getByRole("alert").waitFor();
  });

  // The last test: it adds a reviewed set.
  it("reviews beats by keyboard, and keeps every edit over a reload", async () => {
    const { page, pageErrors } = await visit(`/recordings/1/${first}?t=5`);
    await drawing(page).waitFor();
    const review = await beginReview(page, "A. Reviewer");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await review.getByText("2 beats chosen").waitFor();
    await page.keyboard.press("F");
    await review.getByText("Edits (1)").waitFor();
    await expect.poll(() => drawing(page).getAttribute("aria-label")).toMatch(/F/);
    await page.keyboard.press("Control+z");
    await review.getByText("Edits (0)").waitFor();
    await page.keyboard.press("Control+Shift+Z");
    await review.getByText("Edits (1)").waitFor();
    // A letter without a label moves nothing.
    const before = await seconds(page);
    await page.keyboard.press("g");
    expect(await seconds(page)).toBe(before);
    await page.reload();
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await review.getByText("Edits (1)").click();
    await review
      .getByText(/2 beats .* → F/)
      .last()
      .waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("overrules an extreme of the report with a reason, and restores it", async () => {
    const { page, pageErrors } = await visit(`/recordings/1/${first}?view=report`);
    const show = page.getByRole("button", { name: /^Show Highest heart rate at/ });
    const shownFirst = await show.getAttribute("aria-label");
    await page.getByRole("button", { name: "Overrule Highest heart rate" }).click();
    const dialog = page.getByRole("dialog", { name: "Overrule: Highest heart rate" });
    await dialog.getByLabel("Reason").fill("Artefact");
    await dialog.getByLabel("Your name").fill("A. Reviewer");
    await dialog.getByRole("button", { name: "Overrule", exact: true }).click();
    await page
      .getByRole("listitem")
      .filter({ hasText: /Overruled: \d+ bpm at .*, by A\. Reviewer: Artefact/ })
      .first()
      .waitFor();
    await expect.poll(() => show.getAttribute("aria-label")).not.toBe(shownFirst);
    await page.reload();
    await page.getByRole("button", { name: /^Restore Highest heart rate/ }).click();
    await expect.poll(() => show.getAttribute("aria-label")).toBe(shownFirst);
    expect(pageErrors).toEqual([]);
  });
});
