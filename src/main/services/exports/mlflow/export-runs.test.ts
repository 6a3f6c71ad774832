import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusal, startStub, type Fault, type MlflowStub } from "../../../../../tests/support/mlflow-stub.ts";
import { CancelledError, EctopyError } from "../../../../contract/domain/errors.ts";
import type { MlflowCredentials } from "../../../../contract/domain/exports.ts";
import type { JobProgress } from "../../../../contract/domain/jobs.ts";
import { MlflowClient } from "./client.ts";
import { exportRuns, type RunReport } from "./export-runs.ts";
import type { MlflowRun } from "./mlflow-run.ts";

let stub: MlflowStub;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(() => stub.close());

/** Three batches of points, few files. */
function content(number: number, change: Partial<MlflowRun> = {}): MlflowRun {
  const identity = String(number).padStart(32, "0");
  return {
    identity,
    name: `run ${number}`,
    startTime: 1000,
    endTime: 9000,
    status: "FINISHED",
    params: { network: "Tiny", classes: "N, V" },
    tags: { "mlflow.runName": `run ${number}`, "ectopy.run": identity },
    points: ["loss", "accuracy"].flatMap((key) =>
      Array.from({ length: 1200 }, (_, step) => ({ key, value: 1 / (step + 1), timestamp: 1000 + step, step })),
    ),
    dataset: {
      name: "mitdb",
      digest: "d".repeat(32),
      sourceType: "code",
      source: "{}",
      schema: "{}",
      profile: "{}",
      tags: {},
    },
    files: ["model/data/model.h5", "evaluation/confusion matrix.csv"].map((path) => ({
      path,
      source: path,
      bytes: () => Buffer.from(`bytes of ${path}`),
    })),
    ...change,
  };
}

interface Asked {
  place?: string;
  credentials?: MlflowCredentials;
  signal?: AbortSignal;
  progress?: (progress: JobProgress) => void;
}

function send(runs: readonly MlflowRun[], asked: Asked = {}): Promise<RunReport[]> {
  const { place = stub.url, credentials = {}, signal = new AbortController().signal, progress = () => {} } = asked;
  const planned = runs.map((each, i) => ({ run: i + 1, identity: each.identity, content: () => each }));
  return exportRuns(planned, { place, experiment: "Ectopy", credentials }, { progress, signal });
}

async function failure(work: Promise<unknown>): Promise<EctopyError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EctopyError)) throw new Error(`It failed otherwise: ${String(error)}`);
  expect(error.message).toMatch(/^[^\p{Ll}].*\.$/u);
  expect(error.fix).toMatch(/\.$/);
  return error;
}

/** All that the server holds of one run, as it should be. */
function expectWhole({ points, params, dataset, files, endTime }: MlflowRun, index = 0): void {
  const run = stub.runs[index];
  expect(run.points.toSorted((a, b) => a.key.localeCompare(b.key) || a.step - b.step)).toEqual(
    points.toSorted((a, b) => a.key.localeCompare(b.key) || a.step - b.step),
  );
  expect(Object.fromEntries(run.params)).toEqual(params);
  expect(run.datasets.map(({ digest }) => digest)).toEqual([dataset.digest]);
  expect([run.status, run.endTime]).toEqual(["FINISHED", endTime]);
  for (const { path } of files) {
    expect(stub.files.get(`1/${run.id}/artifacts/${path}`)?.toString()).toBe(`bytes of ${path}`);
  }
}

describe("an export to a server", () => {
  it("is there as a whole, and a second time as it is", async () => {
    const run = content(1);
    expect(await send([run])).toMatchObject([
      { run: 1, outcome: "created", place: `${stub.url}/#/experiments/1/runs/run1` },
    ]);
    expectWhole(run);
    const before = stub.calls.length;
    expect(await send([run])).toMatchObject([{ outcome: "unchanged" }]);
    expect(stub.calls.slice(before)).toEqual(["GET experiments/get-by-name", "POST runs/search"]);
    expect(stub.runs).toHaveLength(1);
  });

  it("looks for many runs once, page by page, and tells how far it is", async () => {
    const runs = Array.from({ length: 6 }, (_, i) => content(i + 1, { points: [], files: [] }));
    const told: number[] = [];
    const reports = await send(runs, {
      progress: ({ stage, done }) => stage === "Exporting to MLflow" && told.push(done),
    });
    expect(reports.map(({ run, outcome }) => [run, outcome])).toEqual(runs.map((_, i) => [i + 1, "created"]));
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6]);
    // Others of ours that fill more than a page.
    const [first] = stub.runs;
    const others = Array.from({ length: 250 }, (_, i) => ({
      ...first,
      id: `other${i}`,
      tags: new Map([["ectopy.run", `x${i}`]]),
    }));
    stub.runs.unshift(...others);
    const before = stub.calls.length;
    expect(new Set((await send(runs)).map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));
    expect(stub.calls.slice(before)).toEqual(["GET experiments/get-by-name", "POST runs/search", "POST runs/search"]);
    expect(stub.runs).toHaveLength(256);
  });

  it("updates a run that has changed, keeps its points single, and says what MLflow does not change", async () => {
    await send([content(1)]);
    const changed = content(1, {
      params: { network: "Tinier", classes: "N, V", seed: "3" },
      tags: { ...content(1).tags, "ectopy.notes": "again" },
    });
    expect(await send([changed])).toMatchObject([
      { outcome: "updated", hint: expect.stringMatching(/earlier values stay \(network\)\./) as string },
    ]);
    expectWhole({ ...changed, params: { ...changed.params, network: "Tiny" } });
    expect(stub.runs[0].tags.get("ectopy.notes")).toBe("again");
    expect(await send([changed])).toMatchObject([{ outcome: "unchanged" }]);
  });

  it.each(["drop-before", "drop-after"] as const)("continues wherever the connection breaks (%s)", async (kind) => {
    const run = content(1);
    await send([run]);
    const calls = stub.calls.length;
    expect(calls).toBeGreaterThan(8);
    for (let broken = 1; broken <= calls; broken++) {
      await stub.close();
      stub = await startStub();
      stub.fault = (_, count) => (count >= broken ? kind : undefined);
      expect((await failure(send([run]))).code).toBe("server-unreachable");
      stub.fault = () => undefined;
      const [{ outcome }] = await send([run]);
      // A run that was made is found again, also where its maker never heard of it.
      expect(stub.runs).toHaveLength(1);
      expectWhole(run);
      if (broken === calls && kind === "drop-after") expect(outcome).toBe("unchanged");
    }
  });

  it("uses no connection twice: a server may close one just then", async () => {
    await send([content(1), content(2)]);
    expect(stub.connections).toBe(stub.calls.length);
  });

  it("continues by itself where the connection breaks once", async () => {
    const runs = [content(1), content(2)];
    stub.fault = (call) => {
      if (call !== "POST runs/log-batch") return undefined;
      stub.fault = () => undefined;
      return "drop-after";
    };
    expect(await send(runs)).toMatchObject([{ outcome: "created" }, { outcome: "created" }]);
    expect(stub.runs).toHaveLength(2);
    stub.runs.forEach((_, i) => expectWhole(runs[i], i));
  });

  it("stops on request, and continues later", async () => {
    const abort = new AbortController();
    const runs = [1, 2, 3, 4, 5, 6].map((number) => content(number));
    stub.fault = (call) => {
      if (call === "POST runs/log-inputs" && stub.runs.length > 3) abort.abort();
      return undefined;
    };
    await expect(send(runs, { signal: abort.signal })).rejects.toThrow(CancelledError);
    expect(stub.runs.length).toBeLessThan(6);
    await send(runs);
    expect(stub.runs).toHaveLength(6);
    stub.runs.forEach((_, i) => expectWhole(runs[0], i));
  });

  it("stops at the first failure, and names the exported runs", async () => {
    const runs = Array.from({ length: 20 }, (_, i) => content(i + 1, { points: [] }));
    stub.fault = (call) =>
      call.startsWith("PUT") && stub.runs.length > 8 ? { status: 500, body: "no space" } : undefined;
    const { code, message } = await failure(send(runs));
    expect(code).toBe("server-unreachable");
    expect(message).toMatch(/status 500.*no space.* \d+ of 20 runs are there\.$/);
    expect(stub.runs.length).toBeLessThan(20);
  });

  it("hands over runs that bring the same dataset at once", async () => {
    const runs = [content(1), content(2)];
    stub.fault = (call) => {
      if (call !== "POST runs/log-inputs") return undefined;
      stub.fault = () => undefined;
      return refusal(
        500,
        "INTERNAL_ERROR",
        "(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.experiment_id",
      );
    };
    expect(await send(runs)).toMatchObject([{ outcome: "created" }, { outcome: "created" }]);
    stub.runs.forEach((_, i) => expectWhole(runs[i], i));
  });

  it("waits for a server that is busy", async () => {
    const client = new MlflowClient({ url: stub.url, authorization: null }, new AbortController().signal, {
      times: { call: 5000, file: 5000, again: 5 },
    });
    stub.fault = (_, count) => (count < 4 ? { status: 503 } : undefined);
    await client.post("experiments/create", { name: "x" });
    expect(stub.experiments).toHaveLength(1);
  });

  it("waits for no server for ever", async () => {
    const client = new MlflowClient({ url: stub.url, authorization: null }, new AbortController().signal, {
      times: { call: 50, file: 50, again: 5 },
    });
    stub.fault = () => "wait";
    const error = await failure(client.post("experiments/create", { name: "x" }));
    expect([error.code, error.message]).toEqual(["server-unreachable", expect.stringMatching(/took too long/)]);
  });
});

describe("a server that can't take runs", () => {
  const secret = { user: "anna", password: "s3cret" };
  const answering = async (fault: Fault, asked: Asked = {}): Promise<EctopyError> => {
    stub.fault = () => fault;
    const error = await failure(send([content(1)], asked));
    expect(stub.runs).toEqual([]);
    return error;
  };

  it("does not exist", async () => {
    const { url } = stub;
    await stub.close();
    const error = await failure(send([content(1)]));
    expect([error.code, error.message]).toEqual([
      "server-unreachable",
      `The MLflow server at ${url} can't be reached: the connection was refused.`,
    ]);
    stub = await startStub();
  });

  it("does not let the user in; what was typed is repeated nowhere", async () => {
    const stranger = await answering({ status: 401, body: "You are not authenticated." });
    expect([stranger.code, stranger.fix]).toEqual(["server-refuses", expect.stringMatching(/--user/)]);
    const known = await answering({ status: 401 }, { credentials: secret });
    expect(known.fix).toBe("Check the user and password, or the token.");
    expect(stub.authorizations).toContain(`Basic ${Buffer.from("anna:s3cret").toString("base64")}`);
    const inAddress = stub.url.replace("//", "//anna:s3cret@");
    for (const error of [known, await answering({ status: 401 }, { place: inAddress })]) {
      expect(`${error.message} ${error.fix} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/s3cret|YW5uYTp/);
    }
    expect((await answering(refusal(403, "PERMISSION_DENIED", "Permission denied"))).message).toMatch(
      /It says: Permission denied\.$/,
    );
    const host = await answering({ status: 403, body: "Invalid Host header - possible DNS rebinding attack detected" });
    expect(host.fix).toMatch(/--allowed-hosts/);
  });

  it("is none", async () => {
    for (const fault of [
      { status: 200, body: "<html>Welcome</html>" },
      { status: 200, body: { other: 1 } },
    ]) {
      expect((await answering(fault)).message).toMatch(/is not an MLflow server/);
    }
  });

  it("is too old, or none", async () => {
    const error = await answering({ status: 404, body: "<html>Not Found</html>" });
    expect([error.code, error.message]).toEqual([
      "server-unsuitable",
      expect.stringMatching(/or is too old: mlflow.experiments/),
    ]);
  });

  it("keeps files where only it can write", async () => {
    stub.artifacts = "s3://bucket/";
    const error = await answering(undefined);
    expect([error.code, error.message]).toEqual([
      "server-unsuitable",
      expect.stringMatching(/stores them at s3:..bucket.1\.$/),
    ]);
  });

  it("has the experiment deleted", async () => {
    stub.experiments.push({ id: "7", name: "Ectopy", stage: "deleted" });
    const error = await answering(undefined);
    expect([error.message, error.fix]).toEqual([
      expect.stringMatching(/was deleted/),
      expect.stringMatching(/restore -x 7/),
    ]);
  });

  it("takes no file of that size", async () => {
    stub.fault = (call) => (call.startsWith("PUT") ? { status: 413, body: "<html>Too Large</html>" } : undefined);
    const error = await failure(send([content(1)]));
    expect([error.code, error.fix]).toEqual(["server-refuses", expect.stringMatching(/client_max_body_size/)]);
  });
});

describe("an old server", () => {
  it("gets shortened parameters where it refuses long ones, and is distinguished from a server that accepts them", async () => {
    stub.longestParam = 250;
    const run = content(1, { params: { classes: "x".repeat(400), network: "Tiny" } });
    expect(await send([run])).toMatchObject([
      { outcome: "created", hint: expect.stringMatching(/250 characters/) as string },
    ]);
    expect(stub.runs[0].params.get("classes")).toBe(`${"x".repeat(249)}…`);
    // What was cut short is no other value.
    run.tags["ectopy.notes"] = "changed";
    expect(await send([run])).toMatchObject([{ outcome: "updated", hint: "Open it in a browser." }]);
  });

  it("does without the dataset", async () => {
    stub.fault = (call) => (call === "POST runs/log-inputs" ? { status: 404, body: "Not Found" } : undefined);
    expect(await send([content(1)])).toMatchObject([
      { outcome: "created", hint: expect.stringMatching(/does not support datasets/) as string },
    ]);
  });
});
