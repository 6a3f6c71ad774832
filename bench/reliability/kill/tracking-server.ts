/** An MLflow server and its content: the real one if it is installed, else a stub. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { startMlflow } from "../../../tests/support/mlflow-server.ts";
import { startStub } from "../../../tests/support/mlflow-stub.ts";

export interface TrackingServer {
  name: string;
  url: string;
  /** Returns each run of an experiment as text, without the server's numbers and times, which differ between runs. */
  runs: (experiment: string) => Promise<string[]>;
  close: () => Promise<void>;
}

/** @param folder for the server's files */
export async function startTracking(folder: string, real = true): Promise<TrackingServer> {
  const own = join(folder, "mlflow");
  mkdirSync(own);
  const started = real ? await startMlflow(own) : null;
  if (started !== null) {
    const { url, stop } = started;
    return { name: "MLflow", url, runs: (experiment) => runsOf(url, experiment), close: stop };
  }
  const { url, close } = await startStub();
  return { name: "a stand-in", url, runs: (experiment) => runsOf(url, experiment), close };
}

const texts = z.array(z.object({ key: z.string(), value: z.string().default("") })).default([]);
const searchSchema = z.object({
  runs: z
    .array(
      z.object({
        info: z.object({ run_id: z.string(), status: z.string().default("") }),
        data: z.object({ params: texts, tags: texts, metrics: z.array(z.object({ key: z.string() })).default([]) }),
        inputs: z
          .object({ dataset_inputs: z.array(z.object({ dataset: z.object({ digest: z.string() }) })).default([]) })
          .prefault({}),
      }),
    )
    .default([]),
});
const experimentSchema = z.object({ experiment: z.object({ experiment_id: z.string() }) });
const historySchema = z.object({
  metrics: z
    .array(z.object({ value: z.coerce.string(), timestamp: z.coerce.string(), step: z.coerce.number().default(0) }))
    .default([]),
});
const filesSchema = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: z.coerce.number().default(0) }))
    .default([]),
});

/** Fields with the server's number of the run, or with the user. */
const OF_THE_SERVER = /^mlflow\.(log-model\.history|user|runName)$/;

async function runsOf(url: string, experiment: string): Promise<string[]> {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const init =
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/2.0/mlflow/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const name = encodeURIComponent(experiment);
  const { experiment: found } = experimentSchema.parse(await ask(`experiments/get-by-name?experiment_name=${name}`));
  const { runs } = searchSchema.parse(
    await ask("runs/search", { experiment_ids: [found.experiment_id], max_results: 100 }),
  );
  const filesIn = async (run: string, path: string): Promise<[string, number][]> => {
    const listed = filesSchema.parse(await ask(`artifacts/list?run_id=${run}&path=${encodeURIComponent(path)}`));
    const each = listed.files.map((file): Promise<[string, number][]> =>
      file.is_dir ? filesIn(run, file.path) : Promise.resolve([[file.path, file.file_size]]),
    );
    return (await Promise.all(each)).flat();
  };
  return Promise.all(
    runs.map(async ({ info, data, inputs }) => {
      const pairs = (list: z.infer<typeof texts>): [string, string][] =>
        list
          .map(({ key, value }): [string, string] => [key, value])
          .filter(([key]) => !OF_THE_SERVER.test(key))
          .sort();
      const histories: [string, z.infer<typeof historySchema>["metrics"]][] = [];
      for (const key of data.metrics.map((metric) => metric.key).sort()) {
        const answer = await ask(`metrics/get-history?run_id=${info.run_id}&metric_key=${encodeURIComponent(key)}`);
        histories.push([key, historySchema.parse(answer).metrics.sort((a, b) => a.step - b.step)]);
      }
      const files = (await filesIn(info.run_id, "")).sort();
      return JSON.stringify({
        status: info.status,
        params: pairs(data.params),
        tags: pairs(data.tags),
        histories,
        datasets: inputs.dataset_inputs.map(({ dataset }) => dataset.digest),
        files,
      });
    }),
  );
}
