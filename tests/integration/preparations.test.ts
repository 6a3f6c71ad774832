/**
 * The preparation service on the sample recordings: it finds a stored preparation by its settings, and writes lost
 * files again.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { windowOf } from "../../src/contract/domain/preparation.ts";
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import { createServices, type Services } from "../../src/main/services/compose.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-preparations-"));
const watch = { progress: () => {}, signal: new AbortController().signal };
let workspace: Workspace;
let services: Services;

beforeAll(() => {
  workspace = openWorkspace(folder, "write", () => {});
  services = createServices(workspace, () => {});
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

function digests(id: number): Record<string, string> {
  const path = workspace.path("preparations", id);
  const hash = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(path, name)))
      .digest("hex");
  return Object.fromEntries(readdirSync(path).map((name) => [name, hash(name)]));
}

it("finds a preparation again, and restores the same files after they were deleted", async () => {
  const { dataset } = await services.datasets.makeSample(1, watch);
  const settings = defaultPreparation("intra-patient");
  const first = await services.preparations.prepare(dataset.id, settings, watch);
  expect(first.alreadyThere).toBe(false);
  const files = digests(first.preparation.id);
  expect(Object.keys(files)).toContain("beats.f32");

  const again = await services.preparations.prepare(dataset.id, settings, watch);
  expect(again).toEqual({ preparation: first.preparation, alreadyThere: true });

  rmSync(workspace.path("preparations", first.preparation.id), { recursive: true });
  const restored = await services.preparations.prepare(dataset.id, settings, watch);
  expect(restored).toEqual({ preparation: first.preparation, alreadyThere: false });
  expect(digests(restored.preparation.id)).toEqual(files);
});

it("reports that sample recordings are synthetic", async () => {
  const { dataset } = await services.datasets.makeSample(1, watch);
  const { preparation } = await services.preparations.prepare(dataset.id, defaultPreparation("inter-patient"), watch);
  expect(preparation.summary.caveats[0]).toMatch(/synthetic/);
});

/** Threads that this process has started so far: each gets the next number, those inside of threads too. */
async function threadsStarted(): Promise<number> {
  const probe = new Worker("", { eval: true });
  const { threadId } = probe;
  await probe.terminate();
  return threadId;
}

it("previews changed settings in the threads of the first preview, also after a cancelled one", async () => {
  const { dataset } = await services.datasets.makeSample(2, watch);
  const preview = (protocol: "intra-patient" | "inter-patient" | "reference", signal = watch.signal) =>
    services.preparations.preview(dataset.id, defaultPreparation(protocol), signal);
  const { totals } = await preview("intra-patient");
  const before = await threadsStarted();
  const cancel = new AbortController();
  const cancelled = preview("reference", cancel.signal);
  cancel.abort();
  await expect(cancelled).rejects.toThrow("Cancelled");
  expect((await preview("reference")).totals.test).toBeGreaterThan(0);
  expect((await preview("intra-patient")).totals).toEqual(totals);
  // The probes alone.
  expect((await threadsStarted()) - before).toBe(1);
});

const cases = join(import.meta.dirname, "../cases");
const importCase = async (name: string): Promise<number> => {
  const { dataset } = await services.datasets.importFrom(join(cases, name), { name, onePatientEach: true, ...watch });
  return dataset.id;
};

it("cuts windows of 500 ms on each side, in which no other R-peak is, at 128 Hz (a2)", async () => {
  const id = await importCase("a2-128hz-window");
  const { rate } = services.preparations.resolve(id, defaultPreparation("intra-patient"));
  expect(rate).toBe(128);
  const { before, after } = windowOf(defaultPreparation("intra-patient"), 128);
  expect([before, after]).toEqual([64, 64]);
  const { samples } = await services.recordings.annotations({ dataset: id, record: "r" });
  const peaks = [...samples].sort((a, b) => a - b);
  expect(peaks.length).toBeGreaterThan(2);
  for (const [i, peak] of peaks.slice(1).entries()) expect(peak - peaks[i]).toBeGreaterThan(after);
});

it("says what a preparation does with a flat lead (b16) and with an offset (n3)", async () => {
  const settings = { ...defaultPreparation("intra-patient"), normalisation: "none" as const };
  const flat = await importCase("b16-flat-lead");
  await expect(services.preparations.preview(flat, { ...settings, leads: ["V5"] }, watch.signal)).rejects.toThrow(
    "Lead V5 is flat from start to end.",
  );
  const offset = await importCase("n3-dc-offset");
  const { caveats } = await services.preparations.preview(offset, settings, watch.signal);
  expect(caveats.join("\n")).toMatch(/mV away from 0|offset/);
});

it("examines recordings of an earlier version before it prepares them", async () => {
  const { dataset } = await services.datasets.makeSample(3, watch);
  const stored = workspace.path("datasets", dataset.id);
  const source = join(folder, "offset");
  mkdirSync(source);
  for (const file of readdirSync(stored)) {
    if (/^s0[12]\.(hea|dat|atr)$/.test(file)) cpSync(join(stored, file), join(source, file));
  }
  // A baseline that is 2,000 units lower: 10 mV at a gain of 200.
  const header = readFileSync(join(source, "s01.hea"), "utf8");
  const [first, lead, ...rest] = header.split("\n");
  const [file, format, , ...facts] = lead.split(" ");
  writeFileSync(
    join(source, "s01.hea"),
    [first, [file, format, "200(-3000)/mV", ...facts].join(" "), ...rest].join("\n"),
  );
  const imported = await services.datasets.importFrom(source, { name: "Offset", onePatientEach: true, ...watch });
  const { id } = imported.dataset;
  const before = workspace.datasets.records(id);
  expect(before[0].findings.map(({ code }) => code)).toContain("offset");
  workspace.datasets.setExamined(
    id,
    before.map(({ name }) => ({ name, hashes: [], findings: [] })),
  );
  const settings = {
    ...defaultPreparation("intra-patient"),
    denoising: "none" as const,
    normalisation: "none" as const,
  };
  const { preparation } = await services.preparations.prepare(id, settings, watch);
  expect(workspace.datasets.records(id)).toEqual(before);
  expect(preparation.summary.caveats.join("\n")).toContain("s01");
});

it("tests on another dataset: leads by name, one rate, and no shared recording in training", async () => {
  const { dataset } = await services.datasets.makeSample(1, watch);
  const part = join(folder, "part");
  mkdirSync(part);
  for (const file of readdirSync(workspace.path("datasets", dataset.id))) {
    if (/^s0[379]\./.test(file)) cpSync(join(workspace.path("datasets", dataset.id), file), join(part, file));
  }
  const { dataset: other } = await services.datasets.importFrom(part, { name: "Part", onePatientEach: true, ...watch });
  // As an earlier version imported them, without hashes: those are computed first.
  const lacking = workspace.datasets.records(other.id).map(({ name }) => ({ name, hashes: [], findings: [] }));
  const hashes = workspace.datasets.records(other.id).map((record) => record.hashes);
  workspace.datasets.setExamined(other.id, lacking);
  const settings = { ...defaultPreparation("external-test"), rate: 250, testDataset: { id: other.id } };
  const { preparation } = await services.preparations.prepare(dataset.id, settings, watch);
  expect(workspace.datasets.records(other.id).map((record) => record.hashes)).toEqual(hashes);
  expect(workspace.agreesWithManifest("datasets", other.id)).toBe(true);
  const { summary } = preparation;
  expect(summary.recordsBySet?.test).toEqual(["s03", "s07", "s09"]);
  const { train = [], validation = [] } = summary.recordsBySet ?? {};
  expect([...train, ...validation]).not.toEqual(expect.arrayContaining(["s03"]));
  expect(train.length + validation.length).toBe(9);
  expect(Object.keys(summary.leftOut.reasons ?? {})).toEqual(["s03", "s07", "s09"]);
  expect(summary.testRecordings?.["s03"]).toEqual({ lead: "MLII", rate: 360 });
  const caveats = summary.caveats.join("\n");
  expect(caveats).toContain(`tested on dataset ${other.id}, Part.`);
  expect(caveats).toContain("3 recordings with lead MLII at 360 Hz, resampled to 250 Hz");
  expect(caveats).toContain("Recordings s03, s07, s09 are not used in training");
  // A comparison names the recordings that trained one run and test another one, by their samples.
  const own = await services.preparations.prepare(dataset.id, defaultPreparation("intra-patient"), watch);
  const others = await services.preparations.prepare(other.id, defaultPreparation("intra-patient"), watch);
  const [trained, tested] = [own, others].map(({ preparation: { id } }) =>
    workspace.runs.add({ preparationId: id, settings: defaultTraining("ann"), createdAt: "2026-01-01T10:00:00.000Z" }),
  );
  const records = ["s03", "s07", "s09"];
  expect(services.comparison.compare([trained, tested]).trainedOnTests).toEqual([
    { trained: [trained], tested: [tested], records },
    { trained: [tested], tested: [trained], records },
  ]);
  expect(services.comparison.compare([trained]).trainedOnTests).toEqual([]);
  const again = await services.preparations.prepare(dataset.id, settings, watch);
  expect(again.alreadyThere).toBe(true);
  expect(() => services.removal.remove("datasets", other.id)).toThrow("2 preparations need dataset");
  const itself = { ...settings, testDataset: { id: dataset.id } };
  await expect(services.preparations.prepare(dataset.id, itself, watch)).rejects.toThrow("can't be its own test set");
  const chosen = { ...settings, records: ["s03", "s04", "s05"] };
  await expect(services.preparations.prepare(dataset.id, chosen, watch)).rejects.toThrow("are in test dataset");
});
