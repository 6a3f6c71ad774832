/** Annotation sets by the methods of a shell. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { annotation } from "../../../tests/support/annotation.ts";
import type { SetAnnotation } from "../../contract/domain/annotation-sets.ts";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { createHost, type Host } from "./host.ts";

let folder: string;
let host: Host;
/** Recordings of the dataset, and beats of the first one. */
let names: string[];
let ownBeats: number;
const where = () => ({ dataset: 1, record: names[0] });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-annotation-sets-"));
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  await host.services.datasets.makeSample(1, { progress: () => {}, signal: new AbortController().signal });
  const { records } = await host.handlers["datasets.get"]({ dataset: 1 });
  names = records.map(({ name }) => name);
  ownBeats = Object.values(records[0].beats).reduce((a, b) => a + b, 0);
  const classified: SetAnnotation[] = [
    { ...annotation(100, "N"), probability: 0.75, unsure: false, unlike: true },
    { ...annotation(600, "V"), probability: 0.5, unsure: true, unlike: false },
    annotation(900, "~", { subtype: -1 }),
    { ...annotation(1000, "+", { aux: "(AFIB" }) },
  ];
  host.workspace.annotationSets.replace(
    {
      datasetId: 1,
      name: "by-run-3",
      origin: "classified",
      parent: "atr",
      leads: [],
      runs: [3],
      createdAt: "2026-11-30T12:00:00.000Z",
    },
    new Map([[names[0], classified]]),
  );
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("annotationSets.list", () => {
  it("lists imported annotators before stored sets, with counts by recording", async () => {
    const [imported, stored, ...others] = await host.handlers["annotationSets.list"]({ dataset: 1 });
    expect(others).toEqual([]);
    expect(imported).toMatchObject({ id: null, name: "atr", origin: "imported", used: true, parent: null });
    expect(imported.records.map(({ record }) => record)).toEqual(names);
    expect(stored).toMatchObject({ name: "by-run-3", origin: "classified", parent: "atr", runs: [3], used: false });
    expect(stored.records).toEqual([{ record: names[0], symbols: { "+": 1, N: 1, V: 1, "~": 1 } }]);
  });

  it("refuses a dataset that does not exist", () => {
    expect(() => host.handlers["annotationSets.list"]({ dataset: 9 })).toThrow(/no dataset 9/);
  });
});

describe("recordings.annotations", () => {
  it("returns a stored set with probabilities and flags, within a range", async () => {
    const all = await host.handlers["recordings.annotations"]({ ...where(), set: "by-run-3" });
    expect(all.symbols).toEqual(["N", "V", "~", "+"]);
    expect(all.texts).toEqual(["", "", "", "(AFIB"]);
    expect([...all.beats]).toEqual([1, 1, 0, 0]);
    const some = await host.handlers["recordings.annotations"]({ ...where(), set: "by-run-3", from: 101, to: 900 });
    expect(some).toEqual({
      samples: Uint32Array.of(600),
      symbols: ["V"],
      beats: Uint8Array.of(1),
      texts: [""],
      probabilities: Float32Array.of(0.5),
      flags: Uint8Array.of(1),
    });
  });

  it("returns the recording's annotations without a set, and by their annotator", async () => {
    const own = await host.handlers["recordings.annotations"](where());
    expect(own.beats.reduce((a, b) => a + b, 0)).toBe(ownBeats);
    expect(await host.handlers["recordings.annotations"]({ ...where(), set: "atr" })).toEqual(own);
  });

  it("refuses a set that the recording does not have", () => {
    expect(() => host.handlers["recordings.annotations"]({ dataset: 1, record: names[1], set: "by-run-3" })).toThrow(
      `Recording ${names[1]} has no annotations by by-run-3.`,
    );
  });
});

it("recordings.rhythm follows the chosen set", async () => {
  const { episodes, intervals } = await host.handlers["recordings.rhythm"]({ ...where(), set: "by-run-3" });
  expect([...intervals.samples]).toEqual([600]);
  expect(episodes.map(({ kind, code, from }) => [kind, code, from])).toEqual([
    ["noise", "u", 900],
    ["rhythm", "AFIB", 1000],
  ]);
});

describe("annotationSets.detect", () => {
  const detect = async (options: { record?: string; lead?: string; name?: string }) => {
    const ended = Promise.withResolvers<JobSnapshot>();
    host.events.listen(({ event, data }) => {
      if (event === "job.changed" && data.state !== "running") ended.resolve(data);
    });
    await host.handlers["annotationSets.detect"]({ dataset: 1, ...options });
    return ended.promise;
  };
  const set = async (name: string) =>
    (await host.handlers["annotationSets.list"]({ dataset: 1 })).find((each) => each.name === name);

  it("reads one recording, and adds another to the same set", async () => {
    await detect({ record: names[1], name: "some" });
    await detect({ record: names[0], name: "some" });
    const found = await set("some");
    expect(found).toMatchObject({ origin: "detected", parent: null, leads: [] });
    expect(found?.records.map(({ record }) => record)).toEqual([names[0], names[1]]);
    expect(found?.records[0].symbols["N"]).toBeGreaterThan(0.99 * ownBeats);
    const { samples, labels } = await host.handlers["recordings.disagreements"]({
      ...where(),
      one: "atr",
      other: "some",
    });
    expect(labels).toBe(false);
    expect(samples.length).toBeLessThan(0.01 * ownBeats);
  });

  it.each([
    [{ name: "atr" }, /was imported with an annotator atr/],
    [{ name: "by-run-3" }, /is classified, not detected/],
    [{ name: "some", record: "r", lead: "II" }, /no usable recording r/],
  ])("refuses %o", async (options, message) => {
    expect((await detect(options)).error?.message).toMatch(message);
  });

  it("refuses to mix leads in one set", async () => {
    const { records } = await host.handlers["datasets.get"]({ dataset: 1 });
    const ended = await detect({ name: "some", record: names[0], lead: records[0].leads[0] });
    expect(ended.error?.message).toMatch(/was read by all leads/);
  });
});

describe("a removed set", () => {
  const stored = async () =>
    (await host.handlers["annotationSets.list"]({ dataset: 1 })).find(({ origin }) => origin === "classified");

  it("is in the bin, frees its name, and comes back with its annotations", async () => {
    const id = (await stored())!.id!;
    await host.handlers["annotationSets.remove"]({ set: id });
    expect(await stored()).toBeUndefined();
    expect((await host.handlers["workspace.bin"]({})).items).toMatchObject([
      { kind: "annotationSets", id, title: "Annotation set by-run-3 of dataset 1" },
    ]);
    await host.handlers["annotationSets.restore"]({ set: id });
    expect(await stored()).toMatchObject({ id, name: "by-run-3" });
    expect(host.workspace.annotationSets.annotations(id, names[0])).toHaveLength(4);
  });

  it("gets a number where its name was taken meanwhile", async () => {
    const id = (await stored())!.id!;
    await host.handlers["annotationSets.remove"]({ set: id });
    const some = (await host.handlers["annotationSets.list"]({ dataset: 1 })).find(({ name }) => name === "some")!.id!;
    await host.handlers["annotationSets.rename"]({ set: some, name: "by-run-3" });
    await host.handlers["annotationSets.restore"]({ set: id });
    expect(await stored()).toMatchObject({ id, name: "by-run-3-2" });
    expect(() => host.handlers["annotationSets.rename"]({ set: id, name: "by-run-3" })).toThrow(
      /has an annotation set/,
    );
    expect(() => host.handlers["annotationSets.rename"]({ set: id, name: "atr" })).toThrow(/imported/);
  });

  it("goes and comes back with its dataset", async () => {
    await host.handlers["datasets.remove"]({ dataset: 1 });
    await host.handlers["datasets.restore"]({ dataset: 1 });
    expect(await stored()).toMatchObject({ name: "by-run-3-2" });
    await host.handlers["annotationSets.remove"]({ set: (await stored())!.id! });
    await host.handlers["datasets.remove"]({ dataset: 1 });
    await host.handlers["workspace.emptyBin"]({});
    expect((await host.handlers["workspace.bin"]({})).items).toEqual([]);
  });
});
