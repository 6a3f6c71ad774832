/** Reviews by the methods of a shell. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyChanges, REVIEWED_FLAG, unpackChanges, unpackLabels, type Label } from "../../contract/domain/labels.ts";
import type { Edit, EditAnswer } from "../../contract/domain/reviews.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { createHost, type Host } from "./host.ts";

let folder: string;
let host: Host;
let record: string;
const SET = "atr-reviewed";
const reviewer = "A. Reviewer";
const place = () => ({ dataset: 1, record, set: SET });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-reviews-"));
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  await host.services.datasets.makeSample(1, { progress: () => {}, signal: new AbortController().signal });
  record = (await host.handlers["datasets.get"]({ dataset: 1 })).records[0].name;
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const labels = async (): Promise<Label[]> => unpackLabels((await host.handlers["reviews.open"](place())).labels);
const edit = async (asked: Edit): Promise<EditAnswer> =>
  host.handlers["reviews.edit"]({ ...place(), edit: asked, reviewer });
const beatsOf = (all: readonly Label[]): Label[] => all.filter(({ symbol }) => "NVS".includes(symbol));

describe("reviews", () => {
  it("begins with the labels of the parent, and tells others of the new set once", async () => {
    let told = 0;
    const stop = host.services.events.listen(({ event }) => {
      if (event === "annotationSets.changed") told++;
    });
    const begin = { dataset: 1, record, from: "atr" };
    expect(await host.handlers["reviews.begin"](begin)).toEqual({ set: SET });
    expect(await host.handlers["reviews.begin"]({ ...begin, from: SET })).toEqual({ set: SET });
    stop();
    expect(told).toBe(1);
    const { samples, symbols } = await host.handlers["recordings.annotations"]({ dataset: 1, record });
    const own = await labels();
    expect(own.map(({ sample }) => sample)).toEqual([...samples]);
    expect(own.map(({ symbol }) => symbol)).toEqual(symbols);
  });

  it("stores each edit, which changes the reviewed set and not its parent", async () => {
    const before = await labels();
    const [first, second] = beatsOf(before);
    const answer = await edit({ kind: "relabel", beats: [first.sample, second.sample], symbol: "F" });
    expect(answer.entry).toMatchObject({ kind: "relabel", reviewer, sample: first.sample, isApplied: true });
    expect(answer.progress).toMatchObject({ edits: 1, reviewedBeats: 2, canUndo: true, canRedo: false });
    const after = await labels();
    expect(after).toEqual(applyChanges(before, unpackChanges(answer.changes)));
    expect(after.find(({ sample }) => sample === first.sample)).toMatchObject({ symbol: "F", flags: REVIEWED_FLAG });
    const read = (set?: string) => host.handlers["recordings.annotations"]({ dataset: 1, record, set });
    expect((await read(SET)).symbols.filter((symbol) => symbol === "F")).toHaveLength(2);
    expect((await read()).symbols).not.toContain("F");
    const listed = await host.handlers["annotationSets.list"]({ dataset: 1 });
    expect(listed.find(({ name }) => name === SET)?.records[0].symbols["F"]).toBe(2);
  });

  it("undoes and redoes across a restart, and keeps both in the log", async () => {
    const edited = await labels();
    const undone = await host.handlers["reviews.undo"]({ ...place(), reviewer: "B. Reviewer" });
    expect(undone.progress).toMatchObject({ edits: 0, canUndo: false, canRedo: true });
    expect((await labels()).map(({ symbol }) => symbol)).not.toContain("F");
    host.services.reviews.forget();
    const { log } = await host.handlers["reviews.open"](place());
    expect(log.map(({ kind, isApplied }) => [kind, isApplied])).toEqual([
      ["undo", false],
      ["relabel", false],
    ]);
    expect(log[0].text).toMatch(/^Undo: 2 beats .* → F$/);
    await host.handlers["reviews.redo"]({ ...place(), reviewer });
    expect(await labels()).toEqual(edited);
    const [overview] = await host.handlers["reviews.list"]({ dataset: 1 });
    expect(overview).toMatchObject({ name: SET, parent: "atr", records: [{ record, edits: 1, reviewedBeats: 2 }] });
    expect(overview.reviewers.map(({ reviewer: name, edits }) => [name, edits])).toEqual([
      [reviewer, 2],
      ["B. Reviewer", 1],
    ]);
  });

  it("answers that nothing changed where a beat is confirmed twice", async () => {
    const [first] = beatsOf(await labels()).slice(5);
    await edit({ kind: "confirm", beats: [first.sample] });
    const again = await edit({ kind: "confirm", beats: [first.sample] });
    expect(again.entry).toBeNull();
    expect(again.progress.edits).toBe(2);
  });

  it("shows a marked rhythm as an episode of the set", async () => {
    await edit({ kind: "rhythm", from: 500, to: 1500, code: "AFIB" });
    const { episodes } = await host.handlers["recordings.rhythm"]({ ...place() });
    expect(episodes).toContainEqual({ kind: "rhythm", code: "AFIB", from: 500, to: 1500, leads: [] });
  });

  it("groups the beats by shape, and keeps families that a reviewer changes across a restart", async () => {
    const shapes = () => host.handlers["reviews.shapes"](place());
    const { samples, families, correlations, map, means, leads, points } = await shapes();
    const beats = beatsOf(await labels());
    expect(samples.length).toBeGreaterThanOrEqual(beats.length);
    for (const { length } of [families, correlations, map.x, map.y]) expect(length).toBe(samples.length);
    expect(new Set(families)).toEqual(new Set(means.map(({ family }) => family)));
    expect(means[0].values).toHaveLength(leads.length * points);
    const [first, second] = samples;
    const { progress } = await edit({ kind: "family", action: "split", beats: [first, second], to: first });
    const given = async () => {
      const { families: changed } = await host.handlers["reviews.open"](place());
      return [...changed.samples].map((sample, i) => [sample, changed.families[i]]);
    };
    expect(await given()).toEqual([
      [first, first],
      [second, first],
    ]);
    host.services.reviews.forget();
    expect(await given()).toHaveLength(2);
    const undone = await host.handlers["reviews.undo"]({ ...place(), reviewer });
    expect([...undone.families.families]).toEqual([-1, -1]);
    expect(undone.progress.edits).toBe(progress.edits - 1);
    expect(await given()).toEqual([]);
    expect(await shapes()).toMatchObject({ families });
    expect(await edit({ kind: "family", action: "move", beats: [first], to: second })).toMatchObject({
      entry: { text: "Move 1 beat to another family", sample: first },
    });
    await host.handlers["reviews.undo"]({ ...place(), reviewer });
    await expect(async () => edit({ kind: "family", action: "move", beats: [1], to: 5 })).rejects.toThrow(/no beat/);
  });

  it("gives an added beat the family of its shape, and moves no other", async () => {
    const shapes = () => host.handlers["reviews.shapes"](place());
    const before = await shapes();
    const at = before.samples[3] + 1;
    await edit({ kind: "add", sample: at, symbol: "N" });
    const after = await shapes();
    const added = after.samples.indexOf(at);
    expect(after.families[added]).toBe(before.families[3]);
    expect([...after.families].filter((_, i) => i !== added)).toEqual([...before.families]);
    await host.handlers["reviews.undo"]({ ...place(), reviewer });
  });

  it("splits beats by shape without storing anything", async () => {
    const all = (await labels()).filter(({ symbol }) => "NV".includes(symbol));
    const wide = all.filter(({ symbol }) => symbol === "V").map(({ sample }) => sample);
    const { beats: half } = await host.handlers["reviews.split"]({
      ...place(),
      beats: all.map(({ sample }) => sample),
    });
    expect([...half]).toEqual(wide);
  });

  it("finds the R-peak next to a click", async () => {
    const beat = beatsOf(await labels())[8].sample;
    const { sample } = await host.handlers["reviews.peak"]({ dataset: 1, record, sample: beat + 12 });
    // The annotation is that of the sample's model; noise moves the peak by a sample.
    expect(Math.abs(sample - beat)).toBeLessThanOrEqual(2);
  });

  it("reviews a reviewed set under another name, from its present labels", async () => {
    await host.handlers["reviews.begin"]({ dataset: 1, record, from: SET, name: "second" });
    const second = await host.handlers["reviews.open"]({ ...place(), set: "second" });
    expect(unpackLabels(second.labels)).toEqual(await labels());
    expect(second.progress.edits).toBe(0);
    const overview = (await host.handlers["reviews.list"]({ dataset: 1 })).find(({ name }) => name === "second");
    expect(overview?.parent).toBe(SET);
  });

  it("refuses names of other sets, recordings without a review, and more undos than edits", async () => {
    const begin = host.handlers["reviews.begin"];
    expect(() => begin({ dataset: 1, record, from: "atr", name: "atr" })).toThrow(/another annotation set/);
    expect(() => begin({ dataset: 1, record, from: "qrs" })).toThrow(/no annotations by qrs/);
    expect(() => host.handlers["reviews.open"]({ ...place(), set: "other" })).toThrow(/no reviewed set other/);
    expect(await host.handlers["reviews.list"]({ dataset: 1 })).toHaveLength(2);
    const undo = () => host.handlers["reviews.undo"]({ ...place(), reviewer });
    for (let left = 3; left > 0; left--) await undo();
    expect(undo).toThrow(/no edit to undo/);
  });
});
