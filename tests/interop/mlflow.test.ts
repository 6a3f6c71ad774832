/**
 * Exports to real MLflow, a server and a folder. MLflow's client reads back what was exported, the model that it loads
 * predicts as the app does, a second export changes nothing, and a killed export is completed. ECTOPY_PYTHON names the
 * Python.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { libraryLayers } from "../../src/engine/layers/library-layers.ts";
import { saveModel } from "../../src/engine/exchange/model-files.ts";
import { createNetwork } from "../../src/engine/layers/network.ts";
import { loadTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { createServices, type Services } from "../../src/main/services/compose.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import type { MlflowRun } from "../../src/main/services/exports/mlflow/mlflow-run.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { askEctopy, startEctopy, temporaryFolder } from "../support/command-line.ts";
import { addFinishedRun, addPreparation, LABELS, WINDOW } from "../support/finished-runs.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { startMlflow, type MlflowServer } from "../support/mlflow-server.ts";
import { askPython } from "../support/python.ts";

const SCRIPT = `
import base64, hashlib, json, os, sys
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", MLFLOW_ALLOW_FILE_STORE="true",
                  MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false")
import mlflow, numpy as np
from mlflow.data import get_source

question = json.load(sys.stdin)
# Keras prints its progress to standard output, which the answer needs.
answer_to, sys.stdout = sys.stdout, sys.stderr
beats = np.frombuffer(base64.b64decode(question["beats"]), "<f4").reshape(-1, question["window"], 1)

def describe(client, run, with_model):
    info, data = run.info, run.data
    folder = client.download_artifacts(info.run_id, "")
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            files[os.path.relpath(path, folder).replace(os.sep, "/")] = hashlib.sha256(open(path, "rb").read()).hexdigest()
    [used] = run.inputs.dataset_inputs
    points = [[m.key, m.step, m.timestamp, repr(m.value)]
              for key in data.metrics for m in client.get_metric_history(info.run_id, key)]
    answer = {
        "id": info.run_id, "name": info.run_name, "status": info.status, "start": info.start_time, "end": info.end_time,
        "params": data.params, "tags": data.tags, "points": points, "files": files,
        "dataset": {"name": used.dataset.name, "digest": used.dataset.digest, "profile": used.dataset.profile,
                    "source": get_source(used.dataset).to_dict() if hasattr(used.dataset, "source") else None,
                    "tags": {tag.key: tag.value for tag in used.tags}},
    }
    if with_model:
        model = mlflow.pyfunc.load_model(f"runs:/{info.run_id}/model")
        answer["predictions"] = base64.b64encode(np.ascontiguousarray(model.predict(beats), "<f4").tobytes()).decode()
        answer["input"] = str(model.metadata.get_input_schema())
    return answer

def store(uri):
    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient()
    [experiment] = [each for each in client.search_experiments() if each.name != "Default"]
    runs = client.search_runs([experiment.experiment_id])
    return {"experiment": experiment.name, "runs": [describe(client, run, run.data.params["network"] == "1D-CNN") for run in runs]}

json.dump({name: store(uri) for name, uri in question["stores"].items()}, answer_to)
`;

interface ReadRun {
  id: string;
  name: string;
  status: string;
  start: number;
  end: number;
  params: Record<string, string>;
  tags: Record<string, string>;
  points: [key: string, step: number, timestamp: number, value: string][];
  files: Record<string, string>;
  dataset: { name: string; digest: string; profile: string; source: unknown; tags: Record<string, string> };
  predictions?: string;
  input?: string;
}
type Store = "server" | "folder";

/** Largest accepted difference. The same file in Keras itself stays below 2e-7 (model-formats.test.ts). */
const TOLERANCE = 1e-5;
const EXPERIMENT = "Beats, May: 1:30";
/** The run with the model, a run whose loss is NaN, and a run whose export is killed. */
const [WITH_MODEL, DIVERGED, KILLED] = [1, 2, 3];
const missing = "needs the Python tools with MLflow (npm run setup -- python)";

const folder = temporaryFolder();
const workspaceFolder = join(folder.path, "workspace");
const target = join(folder.path, "exported");
const signal = new AbortController().signal;
let server: MlflowServer | null = null;
let workspace: Workspace;
let services: Services;
let expected: MlflowRun[];
let probabilities: Float32Array;
const second: string[] = [];
let read: Record<Store, { experiment: string; runs: ReadRun[] }>;

const send = (store: string, runs: number[]): Promise<string[]> =>
  services.exports
    .mlflow(runs, { place: store, experiment: EXPERIMENT, credentials: {} }, { progress: () => {}, signal })
    .then((reports) => reports.map(({ outcome }) => outcome));

beforeAll(async () => {
  const starting = mkdirFor("server").then(startMlflow);
  const random = randomStream(3, "mlflow");
  const beats = Float32Array.from({ length: 5 * WINDOW }, (_, i) => (1 + Math.floor(i / WINDOW)) * random.normal());
  workspace = openWorkspace(workspaceFolder, "write", () => {});
  addPreparation(workspace);
  const { tf } = await loadTensorFlow("test");
  const network = createNetwork(tf, "cnn", { windowLength: WINDOW, classes: LABELS.length }, libraryLayers(tf), 11);
  probabilities = network.probabilities([beats]);
  await addFinishedRun(workspace, { network: "cnn", writeModel: (to) => saveModel(network, to) });
  network.dispose();
  await addFinishedRun(workspace, { seed: 2, diverges: true });
  await addFinishedRun(workspace, { seed: 3, epochs: 150 });
  services = createServices(workspace, () => {});
  expected = await Promise.all([WITH_MODEL, DIVERGED, KILLED].map((run) => services.exports.mlflowRun(run)));
  server = await starting;
  if (server === null) return;
  await services.close();
  await killDuringExport(server.url);
  workspace = openWorkspace(workspaceFolder, "read", () => {});
  services = createServices(workspace, () => {});
  for (const store of [server.url, target]) {
    await send(store, [WITH_MODEL, DIVERGED, KILLED]);
    second.push(...(await send(store, [WITH_MODEL, DIVERGED, KILLED])));
  }
  const stores = { server: server.url, folder: join(target, "mlruns") };
  read = await askPython(SCRIPT, { stores, beats: encodeFloats(beats), window: WINDOW });
}, 900_000);
afterAll(async () => {
  await services.close();
  await server?.stop();
  folder.remove();
});

function mkdirFor(name: string): Promise<string> {
  const path = join(folder.path, name);
  mkdirSync(path, { recursive: true });
  return Promise.resolve(path);
}

/** Kills two exports: one when the server has a part of the run, one when the folder has a part of it. */
async function killDuringExport(url: string): Promise<void> {
  const args = (to: string): string[] => ["export", "mlflow", String(KILLED), "--to", to, "--experiment", EXPERIMENT];
  const options = { workspace: workspaceFolder };
  let kill = (): void => {};
  const proxy = await startProxy(url, (path) => {
    if (path.includes("log-inputs")) kill();
  });
  const running = startEctopy(args(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`), options);
  kill = () => void running.child.kill("SIGKILL");
  expect((await running.ended).signal).toBe("SIGKILL");
  proxy.closeAllConnections();
  proxy.close();

  const writing = startEctopy(args(target), options);
  const isWriting = (): boolean =>
    existsSync(target) &&
    readdirSync(target, { recursive: true }).some((name) => /\.ectopy-new-[^/\\]*[/\\]metrics$/.test(String(name)));
  while (!isWriting()) await setTimeout(2);
  writing.child.kill("SIGKILL");
  expect((await writing.ended).signal).toBe("SIGKILL");
}

/** Forwards every request, and reports its path after the server answered. */
async function startProxy(url: string, onForwarded: (path: string) => void): Promise<Server> {
  const proxy = createServer((request, response) => {
    void (async () => {
      const body: Buffer[] = [];
      for await (const chunk of request) body.push(chunk as Buffer);
      const { method = "GET", url: path = "/" } = request;
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      const answer = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(method === "GET" ? {} : { body: Buffer.concat(body) }),
      });
      const text = await answer.text();
      onForwarded(path);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
    })();
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return proxy;
}

describe.each(["server", "folder"] as const)("a %s of MLflow", (store) => {
  const runOf = (number: number): ReadRun =>
    read[store].runs.find(({ tags }) => tags["ectopy.run_number"] === String(number))!;

  it("has each run once, after repeated and killed exports", (ctx) => {
    if (server === null) return ctx.skip(missing);
    expect(read[store].experiment).toBe(EXPERIMENT);
    expect(read[store].runs.map(({ tags }) => tags["ectopy.run_number"]).sort()).toEqual(["1", "2", "3"]);
  });

  it("has the settings, every point with its step and time, and the times of the run", (ctx) => {
    if (server === null) return ctx.skip(missing);
    for (const [i, run] of expected.entries()) {
      const theirs = runOf(i + 1);
      expect(theirs.params).toEqual(run.params);
      expect(theirs.tags).toMatchObject(run.tags);
      expect([theirs.name, theirs.status, theirs.start, theirs.end]).toEqual([
        run.name,
        run.status,
        run.startTime,
        run.endTime,
      ]);
      const sorted = <Point extends [string, number, ...unknown[]]>(points: Point[]): Point[] =>
        points.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
      expect(
        sorted(
          theirs.points.map(([key, step, time, value]) => [key, step, time, value === "nan" ? NaN : Number(value)]),
        ),
      ).toEqual(sorted(run.points.map(({ key, step, timestamp, value }) => [key, step, timestamp, value])));
    }
    const keys = new Set(runOf(WITH_MODEL).points.map(([key]) => key));
    for (const metric of ["sensitivity", "specificity", "ppv", "f1", "auroc", "average_precision"]) {
      expect([...keys]).toEqual(
        expect.arrayContaining(["N", "V", "A", "a-small"].map((label) => `test_${metric}/${label}`)),
      );
    }
    expect([...keys]).toEqual(expect.arrayContaining(["test_macro_auroc", "test_macro_average_precision"]));
    expect(runOf(DIVERGED).points.filter(([, , , value]) => value === "nan")).toHaveLength(1);
  });

  it("has every file, byte for byte, and the dataset", async (ctx) => {
    if (server === null) return ctx.skip(missing);
    for (const [i, { files, dataset }] of expected.entries()) {
      const theirs = runOf(i + 1);
      expect(Object.keys(theirs.files).sort()).toEqual(files.map(({ path }) => path).sort());
      for (const { path, bytes } of files) {
        // HDF5 stores the time of writing.
        if (path.endsWith(".h5")) continue;
        expect(theirs.files[path], path).toBe(
          createHash("sha256")
            .update(await bytes())
            .digest("hex"),
        );
      }
      const { name, digest, profile, tags } = dataset;
      expect(theirs.dataset).toMatchObject({ name, digest, profile, tags });
    }
  });

  it("has a model that MLflow loads and that predicts as the app does", (ctx) => {
    if (server === null) return ctx.skip(missing);
    const { predictions, input } = runOf(WITH_MODEL);
    const theirs = decodeFloats(predictions!);
    expect(theirs).toHaveLength(probabilities.length);
    const difference = Math.max(...theirs.map((value, i) => Math.abs(value - probabilities[i])));
    expect(difference).toBeLessThan(TOLERANCE);
    // A model with the same prediction for every beat would prove nothing.
    const first = probabilities.subarray(0, LABELS.length);
    expect(
      Math.max(...first.map((value, i) => Math.abs(value - probabilities.at(i - LABELS.length)!))),
    ).toBeGreaterThan(1e-3);
    expect(input).toMatch(/float32.*-1, ?20, ?1/s);
  });
});

describe("a second export", () => {
  it("changes nothing", (ctx) => {
    if (server === null) return ctx.skip(missing);
    expect(second).toEqual(Array.from({ length: 6 }, () => "unchanged"));
  });

  it("works the same from the command line", async (ctx) => {
    if (server === null) return ctx.skip(missing);
    const args = ["export", "mlflow", "1", "2", "--to", server.url, "--experiment", EXPERIMENT];
    const reports = await askEctopy<{ run: number; outcome: string }[]>(args, { workspace: workspaceFolder });
    expect(reports).toMatchObject([
      { run: 1, outcome: "unchanged" },
      { run: 2, outcome: "unchanged" },
    ]);
  });
});
