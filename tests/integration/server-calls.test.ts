/** Calls over a real socket: answers, events and refusals. From the sources. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeFrame } from "../../src/contract/api/frames.ts";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import { recordingProtocols, type PreparationSettings } from "../../src/contract/domain/preparation.ts";
import { defaultPreparation, defaultTraining, presetPreparation } from "../../src/contract/settings/defaults.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { connect, encoder, type TestClient } from "../support/socket-client.ts";
import { testServer } from "../support/test-server.ts";

const server = testServer();

describe("calls", () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect(server.serving.url, server.cookie);
  });

  it("answer valid requests, and refuse invalid ones", async () => {
    expect(await client.call("datasets.list", {})).toEqual([]);
    await expect(client.call("datasets.get", { dataset: 7 })).rejects.toMatchObject({ code: "not-found" });
    await expect(client.call("datasets.get", { dataset: "7" } as never)).rejects.toMatchObject({
      code: "invalid-settings",
    });
    await expect(client.call("datasets.get", { dataset: 7, more: 1 } as never)).rejects.toBeInstanceOf(EctopyError);
    for (const name of ["constructor", "__proto__", "toString", "runs"]) {
      await expect(client.call(name as never, {} as never)).rejects.toMatchObject({ code: "damaged-message" });
    }
  });

  it.each([
    ["text", "hello", 1003],
    ["bytes that are no frame", Buffer.from([1, 2, 3, 4, 5]), 1003],
    ["a frame that is no call", encodeFrame({ id: "x" }, { encoder }), 1003],
    ["a message over the limit", Buffer.alloc(2_000_000), 1009],
  ])("close the socket at %s, and leave other sockets open", async (_, message, code) => {
    const bad = await connect(server.serving.url, server.cookie);
    const closed = new Promise<number>((resolve) => bad.socket.once("close", (status: number) => resolve(status)));
    bad.socket.send(message);
    expect(await closed).toBe(code);
    expect(await client.call("jobs.list", {})).toEqual([]);
  });

  it("notify every page of a change by one of them", async () => {
    const other = await connect(server.serving.url, server.cookie);
    const { job } = await client.call("datasets.makeSample", {});
    const ended = await other.until("job.changed", ({ id, state }) => id === job.id && state !== "running");
    expect(ended).toMatchObject({ state: "done", subject: 1, progress: null, error: null });
    await other.until("datasets.changed", () => true);
    expect(await other.call("datasets.list", {})).toMatchObject([{ id: 1, records: 12 }]);
    const progress = other.events.filter((message) => message.event === "job.changed");
    expect(progress.length).toBeGreaterThan(2);
    other.socket.close();
  });

  it("return a recording: raw, thinned, filtered, with its annotations", async () => {
    const { records } = await client.call("datasets.get", { dataset: 1 });
    const { name } = records[0];
    const place = { dataset: 1, record: name };
    const whole = await client.call("recordings.signal", place);
    expect(whole).toMatchObject({
      rate: 360,
      length: 108_000,
      from: 0,
      to: 108_000,
      leads: [{ lead: "MLII" }, { lead: "V1" }],
    });
    expect(whole.signals.map((signal) => [signal.constructor.name, signal.length])).toEqual([
      ["Float32Array", 108_000],
      ["Float32Array", 108_000],
    ]);
    const part = await client.call("recordings.signal", { ...place, from: 360, to: 720 });
    expect(part.signals[1]).toEqual(whole.signals[1].subarray(360, 720));
    const { minima, maxima, columns } = await client.call("recordings.envelope", { ...place, columns: 1000 });
    expect(columns).toBe(1000);
    expect(Math.min(...minima[0])).toBe(whole.signals[0].reduce((a, b) => Math.min(a, b)));
    expect(Math.max(...maxima[1])).toBe(whole.signals[1].reduce((a, b) => Math.max(a, b)));
    const wavelet = { wavelet: "db4", levels: 7, threshold: "soft" as const };
    const { signal } = await client.call("recordings.denoised", { ...place, lead: 0, from: 0, to: 3600, ...wavelet });
    expect(signal).toHaveLength(3600);
    expect(signal).not.toEqual(whole.signals[0].subarray(0, 3600));
    const lead = await client.call("recordings.denoised", { ...place, lead: 1, ...wavelet });
    const stretch = { ...place, from: 7200, to: 14_400, denoising: wavelet };
    const smooth = await client.call("recordings.envelope", { ...stretch, columns: 720 });
    expect(smooth.maxima[1]).toEqual(
      Float32Array.from({ length: 720 }, (_, i) => Math.max(...lead.signal.subarray(7200 + 10 * i, 7210 + 10 * i))),
    );
    const { samples, symbols, beats, texts } = await client.call("recordings.annotations", place);
    expect(beats.reduce((a, b) => a + b, 0)).toBe(Object.values(records[0].beats).reduce((a, b) => a + b, 0));
    expect([samples.length, symbols.length, texts.length]).toEqual([beats.length, beats.length, beats.length]);
    await expect(client.call("recordings.signal", { ...place, record: "../x" })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(client.call("recordings.denoised", { ...place, lead: 9, ...wavelet })).rejects.toMatchObject({
      code: "invalid-settings",
    });
  });

  it("preview one beat as the preparation stores it", async () => {
    const { records } = await client.call("datasets.get", { dataset: 1 });
    const settings = defaultPreparation("intra-patient");
    const seen = await client.call("preparations.previewBeat", {
      dataset: 1,
      record: records[0].name,
      settings,
      beat: 3,
    });
    expect(seen.before).toHaveLength(360);
    expect(seen.after).not.toEqual(seen.before);
    const raw = await client.call("recordings.signal", {
      dataset: 1,
      record: records[0].name,
      from: Math.round(360 * seen.seconds) - 180,
      to: Math.round(360 * seen.seconds) + 180,
    });
    expect(seen.before).toEqual(raw.signals[0]);
    const undone = await client.call("preparations.previewBeat", {
      dataset: 1,
      record: records[0].name,
      settings: { ...settings, denoising: "none" },
      beat: 3,
    });
    expect(undone.after).toEqual(seen.before);
  });

  it("preview a beat of one class, raw, filtered and normalised", async () => {
    const { records } = await client.call("datasets.get", { dataset: 1 });
    const { name, beats } = records.find((record) => (record.beats["V"] ?? 0) > 1 && (record.beats["N"] ?? 0) > 1)!;
    const settings: PreparationSettings = {
      ...defaultPreparation("intra-patient"),
      normalisation: "z-score",
      classMap: {
        classes: [
          { label: "ectopic", symbols: "V" },
          { label: "normal", symbols: "N" },
        ],
      },
    };
    const order = { dataset: 1, record: name, settings, beat: 1, label: "ectopic" };
    const seen = await client.call("preparations.previewBeat", order);
    expect(seen).toMatchObject({ label: "ectopic", beat: 1 });
    expect(seen.classes.map(({ label }) => label)).toEqual(["ectopic", "normal"]);
    expect(seen.beats).toBe(seen.classes[0].beats);
    // All beats except those whose window exceeds the recording.
    expect(beats["V"] - seen.beats).toBeLessThanOrEqual(2);
    const { after: denoised } = await client.call("preparations.previewBeat", {
      ...order,
      settings: { ...settings, normalisation: "none" },
    });
    expect(seen.denoised).toEqual(denoised);
    expect(seen.after.reduce((a, b) => a + b, 0) / 360).toBeCloseTo(0, 5);
    const last = await client.call("preparations.previewBeat", { ...order, beat: 100_000 });
    expect(last.beat).toBe(seen.beats - 1);
    await expect(client.call("preparations.previewBeat", { ...order, label: "no such" })).rejects.toMatchObject({
      code: "nothing-usable",
    });
  });

  it.each(["", "rhythm-and-shape"] as const)(
    "preview beats with the labels of the chosen annotation set, as preparations do: preset %j",
    async (preset) => {
      const { records } = await client.call("datasets.get", { dataset: 1 });
      const { name } = records[1];
      const { set } = await client.call("reviews.begin", { dataset: 1, record: name, from: "atr" });
      const { samples, beats } = await client.call("recordings.annotations", { dataset: 1, record: name });
      const chosen = [...samples].filter((_, i) => beats[i] > 0).slice(100, 103);
      const edit = { kind: "relabel" as const, beats: chosen, symbol: "Q" };
      await client.call("reviews.edit", { dataset: 1, record: name, set, edit, reviewer: "A. Reviewer" });
      const settings = preset === "" ? defaultPreparation("inter-patient") : presetPreparation(preset, "inter-patient");
      const own = { dataset: 1, record: name, settings, beat: 0, label: "Q" };
      await expect(client.call("preparations.previewBeat", own)).rejects.toMatchObject({ code: "nothing-usable" });
      const reviewed = { ...settings, annotations: { sets: [set], reviewedOnly: true } };
      const seen = await client.call("preparations.previewBeat", { ...own, settings: reviewed });
      expect(seen.classes.filter((each) => each.beats > 0)).toEqual([{ label: "Q", beats: 3 }]);
      expect(Math.abs(seen.seconds - chosen[0] / records[1].rate)).toBeLessThan(0.05);
    },
  );

  it.each(recordingProtocols)("preview the counts and limitations of the preparation: %s", async (protocol) => {
    const { records } = await client.call("datasets.get", { dataset: 1 });
    const assigned = { validation: [], test: records.slice(0, 2).map(({ name }) => name) };
    const settings = { ...defaultPreparation(protocol), ...(protocol === "custom-split" ? { assigned } : {}) };
    const order = { dataset: 1, settings };
    const preview = await client.call("preparations.preview", order);
    const { job } = await client.call("preparations.prepare", order);
    const ended = await client.until("job.changed", ({ id, state }) => id === job.id && state !== "running");
    const { summary } = await client.call("preparations.get", { preparation: ended.subject! });
    // The hash of the test set is computed for stored preparations alone.
    const { testSetHash, ...shown } = summary;
    expect(preview).toEqual(shown);
    expect(testSetHash === undefined).toBe(protocol === "reference");
  });

  it("cancel a preview at the next request", async () => {
    const order = (smallestClass: number) => ({
      dataset: 1,
      settings: { ...defaultPreparation("reference"), smallestClass },
    });
    const first = client.call("preparations.preview", order(7));
    const second = client.call("preparations.preview", order(8));
    await expect(first).rejects.toMatchObject({ name: "CancelledError" });
    expect((await second).settings.smallestClass).toBe(8);
  });

  it("train, report each epoch, and stop with the best checkpoint", async () => {
    // A given number of threads is not measured before the training.
    const settings = { ...defaultTraining("ann"), epochs: 10_000, stepsPerEpoch: 5, threads: 1 };
    const { run } = await client.call("training.start", { preparation: 1, settings });
    await client.until("run.epoch", (epoch) => epoch.run === run);
    expect(await client.call("runs.list", {})).toMatchObject([{ id: run, status: "running", test: null }]);
    await expect(client.call("runs.remove", { run })).rejects.toMatchObject({ code: "invalid-settings" });
    await client.call("training.stop", { run });
    await expect
      .poll(async () => (await client.call("runs.list", {}))[0].status, { timeout: 60_000 })
      .toBe("cancelled");
    const [overview] = await client.call("runs.list", {});
    expect(overview).toMatchObject({ id: run, status: "cancelled", dataset: { synthetic: true } });
    const test = await client.call("runs.evaluation", { run, set: "test" });
    expect(overview.test?.accuracy).toBe(test?.accuracy);
    expect(await client.call("runs.epochs", { run })).toHaveLength(overview.epochs);
  });

  it("refuse a training on a missing preparation, at once", async () => {
    await expect(
      client.call("training.start", { preparation: 99, settings: defaultTraining("ann") }),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  it("store remarks, and restore removed items", async () => {
    await client.call("runs.remark", { run: 1, notes: "first", tags: ["try"] });
    await client.call("runs.remark", { run: 1, tags: ["try", "ann"] });
    expect(await client.call("runs.list", {})).toMatchObject([{ notes: "first", tags: ["try", "ann"] }]);
    await expect(client.call("datasets.remove", { dataset: 1 })).rejects.toMatchObject({
      message: `${recordingProtocols.length} preparations need dataset 1.`,
    });
    await expect(client.call("preparations.remove", { preparation: 1 })).rejects.toThrow("1 run needs preparation 1.");
    await client.call("runs.remove", { run: 1 });
    expect(await client.call("runs.list", {})).toEqual([]);
    await client.call("preparations.remove", { preparation: 1 });
    await client.call("preparations.restore", { preparation: 1 });
    await client.call("runs.restore", { run: 1 });
    expect(await client.call("runs.list", {})).toHaveLength(1);
  });

  it("store the settings, for every page", async () => {
    const other = await connect(server.serving.url, server.cookie);
    await client.call("settings.set", { theme: "dark" });
    expect((await other.until("settings.changed", () => true)).theme).toBe("dark");
    expect(new PreferenceStore(join(server.folder, "settings.json")).read().theme).toBe("dark");
    other.socket.close();
  });

  it("describe the machine and the workspace, and list folders", async () => {
    expect((await client.call("machine.info", {})).cores).toBeGreaterThan(0);
    const { bytes } = await client.call("workspace.info", {});
    expect(bytes).toBeGreaterThan(1_000_000);
    const { packages } = await client.call("app.info", {});
    expect(packages).toContainEqual({ name: "vue", version: "3.5.45", licence: "MIT" });
    expect(packages.filter(({ licence }) => licence === "unknown")).toEqual([]);
    const listing = await client.call("files.list", { folder: server.folder });
    expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ["pages", "folder"],
      ["workspace", "folder"],
    ]);
    await expect(client.call("files.list", { folder: join(server.folder, "nowhere") })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it.each(["recordings", "./x", "~someone/x", "/data/a\0b", `/data/${"x".repeat(300)}`])(
    "refuse an invalid path at once and everywhere, with a reason: %j",
    async (path) => {
      const refusal = {
        code: "usage",
        message: expect.stringMatching(/full path|control character|300 bytes/) as string,
      };
      const runs = [1];
      await expect(client.call("files.list", { folder: path })).rejects.toMatchObject(refusal);
      await expect(client.call("datasets.import", { path })).rejects.toMatchObject(refusal);
      await expect(client.call("models.test", { path, preparation: 1 })).rejects.toMatchObject(refusal);
      await expect(client.call("settings.set", { workspace: path })).rejects.toMatchObject(refusal);
      await expect(client.call("exports.model", { runs, format: "onnx", folder: path })).rejects.toMatchObject(refusal);
      await expect(client.call("exports.mlflow", { runs, place: path })).rejects.toMatchObject(refusal);
      await expect(client.call("exports.report", { runs, folder: path })).rejects.toMatchObject(refusal);
      await expect(client.call("exports.figures", { runs, folder: path })).rejects.toMatchObject(refusal);
      await expect(client.call("exports.csv", { runs, folder: path })).rejects.toMatchObject(refusal);
    },
  );

  it.each(["/nonexistent/x", ...(process.platform === "linux" ? ["/proc/x"] : [])])(
    "refuse a folder that cannot be created within seconds, and answer others meanwhile: %s",
    async (path) => {
      const other = await connect(server.serving.url, server.cookie);
      const runs = [1];
      const began = performance.now();
      const refusals = [
        client.call("files.check", { path, purpose: "export" }),
        client.call("exports.model", { runs, format: "onnx", folder: path }),
        client.call("exports.mlflow", { runs, place: path }),
        client.call("exports.csv", { runs, folder: path }),
        client.call("settings.set", { workspace: path }),
      ].map((call) =>
        expect(call).rejects.toMatchObject({ code: path.startsWith("/proc") ? "no-access" : "not-found" }),
      );
      await other.call("runs.list", {});
      expect(performance.now() - began).toBeLessThan(2000);
      await Promise.all(refusals);
      expect(performance.now() - began).toBeLessThan(5000);
      expect(existsSync("/nonexistent")).toBe(false);
      other.socket.close();
    },
  );

  it("read `~` as the user's home folder", async () => {
    const { workspace } = await client.call("settings.set", { workspace: "~/Elsewhere" });
    expect(workspace).toBe(join(homedir(), "Elsewhere"));
    await client.call("settings.set", { workspace: "" });
    expect((await client.call("files.list", { folder: "~" })).folder).toBe(homedir());
  });
});
