/** Reports, figures and tables of real runs: their content, reproducible bytes, and equal HTML and PDF. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ExportReport } from "../../src/contract/domain/exports.ts";
import { createServices } from "../../src/main/services/compose.ts";
import type { ReportService } from "../../src/main/services/reports/reports.ts";
import type { ResultService } from "../../src/main/services/runs/results.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import { askEctopy, expectRefusal, runEctopy } from "../support/command-line.ts";
import { trainedWorkspace, type TrainedWorkspace } from "../support/trained-workspace.ts";

let trained: TrainedWorkspace;
let workspace: Workspace;
let reports: ReportService;
let results: ResultService;
beforeAll(async () => {
  trained = await trainedWorkspace();
  const warn = (message: string): void => {
    throw new Error(message);
  };
  workspace = openWorkspace(trained.options.workspace, "read", warn);
  ({ reports, results } = createServices(workspace, warn));
});
afterAll(() => {
  workspace.close();
  trained.remove();
});

const watch = { progress: () => {}, signal: new AbortController().signal };
const folderOf = (folder: string): string => join(trained.folder, folder);

function filesOf(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&", "#8194": "\u2002" };

/** Returns the visible text of a page, without figures, piece by piece. */
function piecesOf(html: string): string[] {
  const body = html.replace(/^.*<body>/s, "").replaceAll(/<svg.*?<\/svg>/gs, "");
  return body
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll(/&(#?\w+);/g, (_, name: string) => entities[name]).trim())
    .filter((text) => text !== "");
}

/** Removes blanks, since a PDF breaks lines and cells elsewhere. */
function packed(text: string): string {
  return text.replaceAll(/[\s\u200B]/g, "");
}

async function pdfText(bytes: Buffer): Promise<{ pages: string[]; title: unknown }> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const pdf = await task.promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(items.map((item) => ("str" in item ? item.str : "")).join(""));
  }
  const { info } = await pdf.getMetadata();
  await task.destroy();
  return { pages, title: (info as { Title?: unknown }).Title };
}

/** Returns the headings of a page's sections, without their numbers. */
function titlesOf(html: string): string[] {
  return [...html.matchAll(/<h2>\d+&#8194;([^<]*)<\/h2>/g)].map(([, title]) => title);
}

describe("the report of a run", () => {
  it("states limitations first, then data, settings, metrics and computation", async () => {
    const { place } = await reports.report([1], folderOf("one"), { pdf: true }, watch);
    const { run, preparation, dataset } = results.run(1);
    const html = readFileSync(join(place, "report.html"), "utf8");
    expect(titlesOf(html)).toEqual([
      "Limitations",
      "Data",
      "Preparation",
      "Network and training",
      "Training curves",
      "Results on the test set",
      "Results by recording",
      "Results by EC57",
      "Calibration",
      "Computation",
      "Notes",
      "References",
    ]);
    const pieces = piecesOf(html);
    const { test } = run.result!;
    expect(pieces).toEqual(
      expect.arrayContaining([
        ...preparation.summary.caveats,
        dataset.fingerprint,
        "Preparation 1: By beat",
        preparation.fingerprint,
        `${(100 * test.accuracy).toFixed(2)} %`,
        `${(100 * test.macroF1).toFixed(2)} %`,
        "For research use only. Not a medical device.",
      ]),
    );
    expect(pieces.join(" ")).toMatch(/12 recordings have beats in more than one set: s01, s02/);
    expect(pieces.join(" ")).not.toMatch(/undefined|NaN|\[object|Infinity/);
    // Sample recordings do not come from the MIT-BIH database.
    expect(pieces.join(" ")).not.toMatch(/Moody/);
    expect(html.match(/<svg /g)).toHaveLength(5);
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; Größe ≥ 1");
  });

  it("has the same text as PDF", async () => {
    const { place } = await reports.report([1], folderOf("one"), { pdf: true }, watch);
    const pieces = piecesOf(readFileSync(join(place, "report.html"), "utf8"));
    const { pages, title } = await pdfText(readFileSync(join(place, "report.pdf")));
    expect(title).toBe("Classification of heartbeats: Run 1: First try, ANN");
    expect(pages.length).toBeGreaterThan(2);
    const all = packed(pages.join(""));
    // A piece at a page break contains the foot of the page.
    const foot = new RegExp(
      `${packed("For research use only. Not a medical device. Made by Ectopy")}.{5,60}?UTC\\.\\d+/${pages.length}`,
      "g",
    );
    const text = all.replaceAll(foot, "");
    const missing = pieces.slice(0, -1).filter((piece) => !text.includes(packed(piece)));
    expect(missing).toEqual([]);
    for (const page of pages) expect(page).toContain("For research use only. Not a medical device.");
    // Figures are vectors with text: the PDF contains no image.
    expect(text).toContain("falsepositiverate");
    expect(readFileSync(join(place, "report.pdf"), "latin1")).not.toContain("/Subtype /Image");
  });

  it("warns of intervals over synthetic beats where the test set has some", async () => {
    const { place } = await reports.report([3], folderOf("synthetic"), { pdf: false }, watch);
    const text = piecesOf(readFileSync(join(place, "report.html"), "utf8")).join(" ");
    expect(text).toMatch(/intervals count synthetic beats as real ones/);
    expect(text).toMatch(/balanced with synthetic beats first/);
    const { place: other } = await reports.report([1], folderOf("one"), { pdf: true }, watch);
    const real = piecesOf(readFileSync(join(other, "report.html"), "utf8")).join(" ");
    expect(real).not.toMatch(/intervals count synthetic/);
    expect(real).toMatch(/Beats of one patient are dependent, so the true uncertainty is larger/);
  });
});

describe("the report of several runs", () => {
  it("lists differences first, and gives repeats and McNemar's test where runs share their beats", async () => {
    const { place } = await reports.report([1, 2, 3], folderOf("several"), { pdf: true }, watch);
    const html = readFileSync(join(place, "report.html"), "utf8");
    expect(titlesOf(html).slice(0, 3)).toEqual(["Differences in settings", "Limitations", "Results on the test set"]);
    const pieces = piecesOf(html);
    expect(pieces).toEqual(expect.arrayContaining(["Seed", "Protocol", "Reference study", "Intra-patient split"]));
    const text = pieces.join(" ");
    expect(text).toMatch(/Not all of these runs were tested on the same beats/);
    expect(text).toMatch(/mean ± standard deviation/);
    const spreads = pieces.filter((piece) => / ± \d/.test(piece));
    // Those of all classes together come last, after those of each class.
    expect(spreads.length).toBeGreaterThan(3);
    const [accuracy] = spreads.slice(-3);
    const [a, b] = [1, 2].map((id) => 100 * results.run(id).run.result!.test.accuracy);
    // Of two values the standard deviation is |a − b| / √2.
    expect(accuracy).toBe(`${((a + b) / 2).toFixed(2)} ± ${(Math.abs(a - b) / Math.SQRT2).toFixed(2)} %`);
    expect(text).toMatch(/each run with the baseline Run 1: First try, ANN on the same test beats/);
    // Three matrices, one difference, the curves by epoch, the scores of each test set, and both kinds of curves by
    // threshold.
    expect(html.match(/<svg /g)).toHaveLength(9);
    expect(titlesOf(html)).toContain("ROC and precision–recall curves");
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const { pages } = await pdfText(readFileSync(join(place, "report.pdf")));
    expect(packed(pages.join(""))).toContain(packed(accuracy));
  });
});

describe("the same runs", () => {
  const kinds: [string, (folder: string) => Promise<ExportReport>][] = [
    ["report", (folder) => reports.report([1], folder, { pdf: true }, watch)],
    ["report of several", (folder) => reports.report([1, 2, 3], folder, { pdf: true }, watch)],
    ["figures", (folder) => reports.figures([1, 2], folder, { dpi: 72 }, watch)],
    ["tables", (folder) => reports.csv([1, 2, 3], folder, watch)],
  ];
  afterEach(() => void vi.useRealTimers());
  it.each(kinds)("give the same bytes at any time: %s", async (_, write) => {
    const first = await write(folderOf("first"));
    vi.setSystemTime("2031-07-09T12:34:56Z");
    const second = await write(folderOf("second"));
    expect([first.outcome, second.outcome]).toEqual(["created", "created"]);
    const files = filesOf(first.place);
    expect(Object.keys(files).length).toBeGreaterThan(1);
    expect(filesOf(second.place)).toEqual(files);
    expect(await write(folderOf("first"))).toMatchObject({ outcome: "unchanged" });
  });
});

describe("exported figures", () => {
  it("are SVG and PNG of the requested size", async () => {
    const { place } = await reports.figures([1], folderOf("column"), { width: 85, dpi: 300 }, watch);
    const files = filesOf(place);
    const names = ["confusion-matrix", "f1-by-class", "learning-curves", "precision-recall", "roc"];
    expect(Object.keys(files).slice(1)).toEqual(names.flatMap((name) => [`${name}.png`, `${name}.svg`]));
    for (const name of names) {
      expect(files[`${name}.svg`].toString()).toMatch(/^<svg xmlns="[^"]+" version="1\.1" width="85mm"/);
      // 85 mm at 300 dpi, exact to the pixel.
      expect(Math.abs(files[`${name}.png`].readUInt32BE(16) - (85 / 25.4) * 300)).toBeLessThanOrEqual(1);
    }
  });
});

describe("ectopy export", () => {
  it("writes reports, figures and tables, each into a folder named after its runs", async () => {
    const to = ["--to", folderOf("all")];
    const report = await askEctopy<ExportReport>(["export", "report", "1", "2", "--pdf", ...to], trained.options);
    expect(report).toMatchObject({ place: join(folderOf("all"), "ectopy-runs-1-2-report"), outcome: "created" });
    expect(Object.keys(filesOf(report.place))).toEqual([".ectopy-export", "report.html", "report.pdf"]);
    const figures = await askEctopy<ExportReport>(["export", "figures", "2", "--dpi", "72", ...to], trained.options);
    expect(figures.place).toBe(join(folderOf("all"), "ectopy-run-2-figures"));
    const tables = await askEctopy<ExportReport>(["export", "csv", "2", ...to], trained.options);
    expect(Object.keys(filesOf(tables.place)).slice(1)).toEqual(
      ["by-recording", "confusion", "ec57", "epochs", "per-class", "predictions", "runs"].map((name) => `${name}.csv`),
    );
  });

  it("refuses a run that does not exist, and a width outside of its range", async () => {
    const to = ["--to", folderOf("none")];
    expectRefusal(await runEctopy(["export", "report", "9", ...to], trained.options), 3, /no run 9/);
    const wide = ["export", "figures", "1", "--width", "5", ...to];
    expectRefusal(await runEctopy(wide, trained.options), 2, /from 60 to 400/);
  });
});
