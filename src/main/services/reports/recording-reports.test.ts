import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_REPORT_SETTINGS } from "../../../contract/domain/recording-report.ts";
import { createServices, type Services } from "../compose.ts";
import { openWorkspace } from "../../store/workspace.ts";

let folder: string;
let services: Services;
let record: string;
const watch = { progress: () => {}, signal: new AbortController().signal };
const chosen = (options: object = {}) => ({
  dataset: 1,
  record,
  settings: DEFAULT_REPORT_SETTINGS,
  formats: ["html" as const, "csv" as const],
  notes: false,
  ...options,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-recording-report-"));
  services = createServices(
    openWorkspace(join(folder, "workspace"), "write", () => {}),
    () => {},
  );
  await services.datasets.makeSample(1, watch);
  record = services.workspace.datasets.records(1)[0].name;
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the report of a recording", () => {
  it("counts the beats of its annotations", async () => {
    const { statistics, strips, set } = await services.recordingReports.report(chosen());
    const { beats } = services.workspace.datasets.records(1)[0];
    expect(statistics.heartbeats).toBe(Object.values(beats).reduce((sum, count) => sum + count, 0));
    expect(set).toMatchObject({ name: "atr", origin: "imported" });
    expect(strips.length).toBeGreaterThan(2);
    expect(strips.every(({ place }) => place !== null)).toBe(true);
  });

  it("has a page with strips at their true scale, and tables", async () => {
    const { place, outcome } = await services.recordingReports.export(chosen(), folder, watch);
    expect(outcome).toBe("created");
    expect(readdirSync(place)).toEqual(
      expect.arrayContaining(["report.html", "summary.csv", "beats.csv", "hours.csv"]),
    );
    const page = readFileSync(join(place, "report.html"), "utf8");
    expect(page).toContain('width="250mm"');
    expect(page).toContain("Not a diagnosis.");
    expect(page).not.toContain("<script");
    expect(readFileSync(join(place, "beats.csv"), "utf8").split("\r\n")[0]).toBe("sample,seconds,symbol,class,rr_s");
    expect((await services.recordingReports.export(chosen(), folder, watch)).outcome).toBe("unchanged");
  });

  it("names the institution, and the time beyond the limits of the heart rate", async () => {
    const given = { ...chosen(), institution: "Heart <Clinic>" };
    given.settings = { ...given.settings, bradycardiaBpm: 45, tachycardiaBpm: 130 };
    const { place } = await services.recordingReports.export(given, folder, watch);
    const page = readFileSync(join(place, "report.html"), "utf8");
    expect(page).toContain("Heart &lt;Clinic&gt;");
    expect(page).toMatch(/below 45 bpm, [^<]* above 130 bpm/);
    expect(readFileSync(join(place, "summary.csv"), "utf8")).toContain("tachycardia_limit,130,bpm");
  });

  it("has the corrections of a reviewed set by reviewer", async () => {
    const { set } = services.reviews.begin({ dataset: 1, record, from: "atr" });
    const place = { dataset: 1, record, set };
    const { labels } = services.reviews.open(place);
    const beat = labels.samples[labels.symbols.indexOf("N")];
    services.reviews.edit(place, { kind: "relabel", beats: [beat], symbol: "V" }, "Reader");
    const { corrections } = await services.recordingReports.report(chosen({ set }));
    expect(corrections).toEqual([{ reviewer: "Reader", from: "N", to: "V", beats: 1 }]);
  });

  it("shows another place where an extreme is overruled, and says who did, and why", async () => {
    const before = await services.recordingReports.report(chosen());
    const [strip] = before.strips;
    const place = { from: strip.place!.from, to: strip.place!.to };
    const statement = { dataset: 1, record, kind: strip.kind, place };
    services.recordingReports.overrule({ ...statement, reason: "Lead off", reviewer: "A. Reader" });
    const [after] = (await services.recordingReports.report(chosen())).strips;
    expect(after.place).toEqual(strip.candidates[1]);
    const { place: written } = await services.recordingReports.export(chosen(), folder, watch);
    const page = readFileSync(join(written, "report.html"), "utf8");
    expect(page).toContain("Overruled extremes");
    expect(page).toContain("A. Reader");
    expect(readFileSync(join(written, "overruled.csv"), "utf8")).toContain("Lead off");

    const instead = { from: strip.candidates[2].from, to: strip.candidates[2].to };
    services.recordingReports.overrule({ ...statement, instead, reason: "Lead off", reviewer: "A. Reader" });
    expect((await services.recordingReports.report(chosen())).strips[0]).toMatchObject({
      place: instead,
      overruled: [{ place: strip.place }],
    });

    services.recordingReports.restore(statement);
    expect(await services.recordingReports.report(chosen())).toEqual(before);
    expect(() => services.recordingReports.restore(statement)).toThrow("is not overruled");
  });

  it("stores the choices by annotation set", async () => {
    const { set } = services.reviews.begin({ dataset: 1, record, from: "atr" });
    const { strips } = await services.recordingReports.report(chosen({ set }));
    const [{ kind, place }] = strips;
    const statement = { dataset: 1, record, kind, place: { from: place!.from, to: place!.to } };
    services.recordingReports.overrule({ ...statement, set, reason: "Noise", reviewer: "A. Reader" });
    expect((await services.recordingReports.report(chosen({ set }))).strips[0].overruled).toHaveLength(1);
    expect((await services.recordingReports.report(chosen())).strips[0].overruled).toEqual([]);
    services.recordingReports.restore({ ...statement, set });
  });

  it("refuses a place outside of the recording", () => {
    const place = { from: 0, to: 1e9 };
    const statement = { dataset: 1, record, kind: "highest-rate" as const, place };
    expect(() => services.recordingReports.overrule({ ...statement, reason: "x", reviewer: "y" })).toThrow(
      "are not a place of recording",
    );
  });

  it("has the notes on the patient only where they are asked for", async () => {
    const [note] = services.workspace.datasets.records(1)[0].comments;
    const page = async (notes: boolean): Promise<string> => {
      const { place } = await services.recordingReports.export(chosen({ notes }), folder, watch);
      return readFileSync(join(place, "report.html"), "utf8");
    };
    expect(await page(false)).not.toContain(note);
    expect(await page(true)).toContain(note);
  });

  it("prints strips on landscape pages of the PDF", async () => {
    const { place } = await services.recordingReports.export(chosen({ formats: ["pdf"] }), folder, watch);
    const sizes = [...readFileSync(join(place, "report.pdf"), "latin1").matchAll(/MediaBox \[0 0 (\d+)/g)];
    expect(new Set(sizes.map(([, width]) => width))).toEqual(new Set(["595", "841"]));
  });

  it("refuses a set that the recording does not have", async () => {
    await expect(services.recordingReports.report(chosen({ set: "missing" }))).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
