/** The server shell: admission, answers and refusals. From the sources, over real sockets. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import { encodeFrame } from "../../src/contract/api/frames.ts";
import { protocols, type PreparationSettings } from "../../src/contract/domain/preparation.ts";
import { createHost, type Host } from "../../src/main/api/host.ts";
import { Access } from "../../src/main/server/access.ts";
import { serve, type Serving } from "../../src/main/server/serve.ts";
import { SessionStore } from "../../src/main/server/sessions.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { sampleFiles } from "../support/sample-records.ts";
import { connect, encoder, enter, type TestClient } from "../support/socket-client.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-server-"));
const pages = join(folder, "pages");
const sessions = (): SessionStore => new SessionStore(join(folder, "sessions.json"));
const limits = { file: 5_000_000, total: 12_000_000, files: 50, uploads: 2 };
let host: Host;
let serving: Serving;
let cookie: string;

const start = (): Promise<Serving> =>
  serve({ host, address: "127.0.0.1", port: 0, sessions: sessions(), pages, uploadLimits: limits, log: () => {} });

beforeAll(async () => {
  mkdirSync(join(pages, "assets"), { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>Ectopy</title>");
  writeFileSync(join(pages, "assets/app-abc.js"), "export {};");
  writeFileSync(join(folder, "secret.js"), "secret");
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  serving = await start();
  cookie = await enter(serving.url);
});
afterAll(async () => {
  await serving.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request unchanged: `fetch` would normalize the path, and does not allow another host. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  body?: string | Buffer,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: serving.port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Whether the next server admits the browser. */
function isAdmitted(store: SessionStore, sessionCookie: string): boolean {
  const access = new Access("127.0.0.1", host.workspace.folder, store);
  access.setPort(serving.port);
  return access.hasSession({ cookie: sessionCookie });
}

const origin = (): string => `http://127.0.0.1:${serving.port}`;

function openSocket(headers: Record<string, string>, path = "/socket"): Promise<"open" | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}${path}`, { headers });
    socket.on("open", () => {
      socket.close();
      resolve("open");
    });
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
}

describe("admission", () => {
  it("exchanges its tokens for a cookie that scripts and other sites can't use", async () => {
    const other = await start();
    const token = new URL(other.url).searchParams.get("token")!;
    expect((await ask(`/enter?token=${token}`)).status).toBe(401);
    await other.close();
    const url = serving.newAddress();
    const { status, headers, body } = await ask(url.slice(origin().length));
    expect(status).toBe(200);
    expect(headers["set-cookie"]?.[0]).toMatch(
      /^ectopy-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/,
    );
    expect(body).toContain('http-equiv="refresh" content="0; url=/"');
    expect(body).not.toContain(new URL(url).searchParams.get("token"));
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  it("admits one browser by an address, once; that browser may open it again", async () => {
    const path = serving.newAddress().slice(origin().length);
    const first = await ask(path);
    expect(first.status).toBe(200);
    const again = await ask(path);
    expect([again.status, again.headers["set-cookie"]]).toEqual([401, undefined]);
    const own = first.headers["set-cookie"]![0].split(";")[0];
    expect((await ask(path, { cookie: own })).status).toBe(200);
  });

  it("gives its pages an address for another browser, with the host name that they use", async () => {
    expect((await ask("/addresses", { cookie }, "POST")).status).toBe(403);
    expect((await ask("/addresses", { origin: origin() }, "POST")).status).toBe(401);
    expect((await ask("/addresses", { cookie, origin: "http://evil.example" }, "POST")).status).toBe(403);
    const tunnel = { host: "localhost:9000", origin: "http://localhost:9000" };
    const { body } = await ask("/addresses", { cookie, ...tunnel }, "POST");
    const { value } = JSON.parse(body) as { value: { url: string; minutes: number } };
    expect(value.url).toMatch(/^http:\/\/localhost:9000\/enter\?token=[\w-]{43}$/);
    expect(value.minutes).toBe(10);
    expect((await ask(new URL(value.url).pathname + new URL(value.url).search)).status).toBe(200);
  });

  it("refuses the cookie of another port or workspace, under any name", async () => {
    const other = await start();
    try {
      const foreign = (await enter(other.url)).split("=")[1];
      expect((await ask("/", { cookie: `ectopy-${serving.port}=${foreign}` })).status).toBe(401);
      const [, own] = cookie.split("=");
      const access = new Access("127.0.0.1", join(folder, "another workspace"), sessions());
      access.setPort(serving.port);
      expect(access.hasSession({ cookie: `ectopy-${serving.port}=${own}` })).toBe(false);
    } finally {
      await other.close();
    }
    // The sessions that the other server stored did not replace those of this one.
    expect(sessions()).toSatisfy((store: SessionStore) => isAdmitted(store, cookie));
  });

  it.each(["", "?token=", "?token=wrong", `?token=${"A".repeat(43)}`])("refuses the token %j", async (query) => {
    const { status, headers } = await ask(`/enter${query}`);
    expect(status).toBe(401);
    expect(headers["set-cookie"]).toBeUndefined();
  });

  it("serves nothing of the app without the cookie", async () => {
    for (const path of ["/", "/runs/1", "/assets/app-abc.js"]) {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, { cookie: `ectopy-${serving.port}=forged` })).status).toBe(401);
      expect((await ask(path, { cookie })).status).toBe(200);
    }
  });

  it("accepts its host names only: no other host, no other origin", async () => {
    for (const name of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.1"]) {
      expect([name, (await ask("/", { cookie, host: name })).status]).toEqual([name, 403]);
    }
    for (const name of ["localhost", "localhost:9000", "127.0.0.1:1", "[::1]:4680", "LOCALHOST"]) {
      expect([name, (await ask("/", { cookie, host: name })).status]).toEqual([name, 200]);
    }
    expect((await ask("/", { cookie, origin: "http://evil.example" })).status).toBe(403);
    expect((await ask("/", { cookie, origin: "null" })).status).toBe(403);
    expect((await ask("/", { cookie, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).status).toBe(403);
  });

  it("opens a socket to its own pages only", async () => {
    expect(await openSocket({ cookie, origin: origin() })).toBe("open");
    expect(await openSocket({ origin: origin() })).toBe(401);
    expect(await openSocket({ cookie })).toBe(403);
    expect(await openSocket({ cookie, origin: "http://evil.example" })).toBe(403);
    expect(await openSocket({ cookie, origin: origin(), host: "evil.example" })).toBe(403);
    expect(await openSocket({ cookie, origin: origin() }, "/other")).toBe(403);
  });

  it("recognizes a browser after a restart of the server", async () => {
    const { port } = serving;
    await serving.close();
    serving = await serve({
      host,
      address: "127.0.0.1",
      port,
      sessions: sessions(),
      pages,
      uploadLimits: limits,
      log: () => {},
    });
    expect((await ask("/", { cookie })).status).toBe(200);
  });

  it("reports why it can't listen, and a missing build", async () => {
    const options = { host, address: "127.0.0.1", port: serving.port, sessions: sessions(), pages, log: () => {} };
    await expect(serve(options)).rejects.toMatchObject({ code: "no-access" });
    await expect(serve({ ...options, pages: folder })).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("pages", () => {
  it("have a policy that forbids framing", async () => {
    const { headers } = await ask("/", { cookie });
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect((await ask("/assets/app-abc.js", { cookie })).headers["content-type"]).toContain("javascript");
  });

  it.each([
    "/../secret.js",
    "/..%2fsecret.js",
    "/assets/..%2f..%2fsecret.js",
    "/%2e%2e/secret.js",
    "/..%5csecret.js",
    "/%00.js",
    "/%ff.js",
    "//secret.js",
    "/missing.js",
    "/settings.json",
  ])("stay in their folder: %s", async (path) => {
    const { status, body } = await ask(path, { cookie });
    expect(status).toBe(404);
    expect(body).not.toContain("secret");
  });

  it("answer read requests only", async () => {
    expect((await ask("/", { cookie, origin: origin() }, "POST")).status).toBe(404);
    expect((await ask("/", { cookie, origin: origin() }, "DELETE")).status).toBe(404);
  });
});

describe("calls", () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect(serving.url, cookie);
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
    const bad = await connect(serving.url, cookie);
    const closed = new Promise<number>((resolve) => bad.socket.once("close", (status: number) => resolve(status)));
    bad.socket.send(message);
    expect(await closed).toBe(code);
    expect(await client.call("jobs.list", {})).toEqual([]);
  });

  it("notify every page of a change by one of them", async () => {
    const other = await connect(serving.url, cookie);
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
      from: seen.sample - 180,
      to: seen.sample + 180,
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

  it.each(protocols)("preview the counts and limitations of the preparation: %s", async (protocol) => {
    const order = { dataset: 1, settings: defaultPreparation(protocol) };
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
      message: `${protocols.length} preparations need dataset 1.`,
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
    const other = await connect(serving.url, cookie);
    await client.call("settings.set", { theme: "dark" });
    expect((await other.until("settings.changed", () => true)).theme).toBe("dark");
    expect(new PreferenceStore(join(folder, "settings.json")).read().theme).toBe("dark");
    other.socket.close();
  });

  it("describe the machine and the workspace, and list folders", async () => {
    expect((await client.call("machine.info", {})).cores).toBeGreaterThan(0);
    const { bytes } = await client.call("workspace.info", {});
    expect(bytes).toBeGreaterThan(1_000_000);
    const { packages } = await client.call("app.info", {});
    expect(packages).toContainEqual({ name: "vue", version: "3.5.45", licence: "MIT" });
    expect(packages.filter(({ licence }) => licence === "unknown")).toEqual([]);
    const listing = await client.call("files.list", { folder });
    expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ["pages", "folder"],
      ["workspace", "folder"],
    ]);
    await expect(client.call("files.list", { folder: join(folder, "nowhere") })).rejects.toMatchObject({
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
      const other = await connect(serving.url, cookie);
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

describe("uploads", () => {
  const ours = (): Record<string, string> => ({ cookie, origin: origin() });
  const begin = async (): Promise<string> => {
    const { body } = await ask("/uploads", ours(), "POST");
    return (JSON.parse(body) as { value: { upload: string } }).value.upload;
  };
  const put = (upload: string, path: string, body: string | Buffer): Promise<Answered> =>
    ask(`/uploads/${upload}/files/${path}`, ours(), "PUT", body);

  it("become a dataset, and leave no temporary file", async () => {
    const source = sampleFiles("s01");
    const upload = await begin();
    for (const [name, bytes] of source)
      expect((await put(upload, `mine/${name}`, Buffer.from(bytes))).status).toBe(200);
    const client = await connect(serving.url, cookie);
    const { body } = await ask(`/uploads/${upload}/import`, ours(), "POST", JSON.stringify({ name: "mine" }));
    const { value } = JSON.parse(body) as { value: { job: { id: number } } };
    const ended = await client.until("job.changed", ({ id, state }) => id === value.job.id && state !== "running");
    expect(ended.error).toBeNull();
    expect(await client.call("datasets.get", { dataset: ended.subject! })).toMatchObject({ dataset: { name: "mine" } });
    expect((await put(upload, "late.hea", "x")).status).toBe(400);
    expect(host.workspace.datasets.find(ended.subject!)).toMatchObject({ name: "mine", source: "mine" });
    client.socket.close();
  });

  it.each([
    "../out.hea",
    "..%2fout.hea",
    "a/%2e%2e/%2e%2e/out.hea",
    "%2fetc%2fpasswd",
    "a%5c..%5cb",
    "c:x",
    "a/b/c/d/e/f/g/h/i",
    "%00",
  ])("stay in their folder: %s", async (path) => {
    const upload = await begin();
    const { status } = await put(upload, path, "x");
    expect([400, 404]).toContain(status);
    await ask(`/uploads/${upload}`, ours(), "DELETE");
    expect(readdirSync(tmpdir())).not.toContain("out.hea");
  });

  it("report a file name that is too long", async () => {
    const upload = await begin();
    const { status, body } = await put(upload, `${"x".repeat(300)}.dat`, "x");
    expect(status).toBe(400);
    expect(body).toContain("unsafe-path");
    expect(body).toContain("304 bytes; the limit is 255");
    await ask(`/uploads/${upload}`, ours(), "DELETE");
  });

  it("stop at their limits", async () => {
    const upload = await begin();
    const large = await put(upload, "a.dat", Buffer.alloc(limits.file + 1));
    expect([large.status, large.body]).toEqual([400, expect.stringContaining("more than 5000000 bytes in one file")]);
    for (const name of ["b", "c"]) await put(upload, `${name}.dat`, Buffer.alloc(limits.file - 1));
    expect((await put(upload, "d.dat", Buffer.alloc(limits.file - 1))).body).toContain("more than 12000000 bytes");
    const other = await begin();
    expect((await ask("/uploads", ours(), "POST")).body).toContain("Too many uploads");
    for (let i = 0; i < limits.files; i++) await put(other, `${i}.hea`, "x");
    expect((await put(other, "more.hea", "x")).body).toContain("more than 50 files");
    for (const id of [upload, other]) await ask(`/uploads/${id}`, ours(), "DELETE");
  });

  it("are accepted from the server's own pages only, in valid requests only", async () => {
    expect((await ask("/uploads", { cookie }, "POST")).status).toBe(403);
    expect((await ask("/uploads", { origin: origin() }, "POST")).status).toBe(401);
    expect((await ask("/uploads", { cookie, origin: "http://evil.example" }, "POST")).status).toBe(403);
    const upload = await begin();
    for (const body of ["", "{", "[]", '{"name":""}', '{"name":"x","more":1}', `{"name":"${"x".repeat(20_000)}"}`]) {
      expect((await ask(`/uploads/${upload}/import`, ours(), "POST", body)).body).toContain("damaged-message");
    }
    await ask(`/uploads/${upload}`, ours(), "DELETE");
    expect((await ask("/uploads/nothing/import", ours(), "POST", "{}")).body).toContain("not-found");
  });
});
