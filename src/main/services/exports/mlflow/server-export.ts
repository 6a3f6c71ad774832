/**
 * Exports one run to an MLflow server. The run is created with its identity as a tag; points, files and its end follow,
 * and a stamp of its content is written last. An interrupted export has no stamp and is continued: only missing data is
 * sent.
 */
import { z } from "zod";
import type { ExportReport } from "../../../../contract/domain/exports.ts";
import { batches, named, type Batch, type NamedText } from "./batches.ts";
import { needed, RefusedCall, type MlflowClient } from "./client.ts";
import { modelHistoryTag, stampOf } from "./content.ts";
import { STAMP_TAG, type MlflowDataset, type MlflowPoint, type MlflowRun } from "./mlflow-run.ts";
import { shortened } from "../../../../contract/text/shorten.ts";
import { filesBelow, runSchema, serverRun, type ServerRun } from "./server-experiment.ts";

/** Limit on a parameter's value before MLflow 1.28. */
const MAX_OLD_PARAM_CHARACTERS = 250;

/**
 * @param found the run on the server; undefined where there is none
 * @throws EctopyError
 */
export async function exportToServer(
  client: MlflowClient,
  experiment: string,
  run: MlflowRun,
  found: ServerRun | undefined,
): Promise<ExportReport> {
  const stamp = stampOf(run);
  const report = (id: string, outcome: ExportReport["outcome"], reservations: string[] = []): ExportReport => ({
    place: `${client.url}/#/experiments/${experiment}/runs/${id}`,
    outcome,
    hint: ["Open it in a browser.", ...reservations].join(" "),
  });
  if (found?.stamp === stamp) return report(found.id, "unchanged");
  try {
    const server = found ?? (await create(client, experiment, run));
    const reservations = [...(await logTexts(client, run, server)), ...(await logDataset(client, run.dataset, server))];
    const files = filesBelow(server.artifactUri, client.url);
    for (const { path, bytes } of run.files) await client.putFile(`${files}/${path}`, await bytes());
    await client.post("runs/update", { run_id: server.id, status: run.status, end_time: run.endTime });
    await client.post("runs/set-tag", { run_id: server.id, key: STAMP_TAG, value: stamp });
    return report(server.id, found === undefined ? "created" : "updated", reservations);
  } catch (error) {
    throw needed(error, client.url);
  }
}

async function create(client: MlflowClient, experiment: string, run: MlflowRun): Promise<ServerRun> {
  const answer = await client.post("runs/create", {
    experiment_id: experiment,
    start_time: run.startTime,
    run_name: run.name,
    tags: named(run.tags),
  });
  return serverRun(client.understood(z.object({ run: runSchema }), answer).run);
}

/** Sends parameters, tags and points. @returns sentences on what could not be sent unchanged */
async function logTexts(client: MlflowClient, run: MlflowRun, server: ServerRun): Promise<string[]> {
  const params = named(run.params);
  const missing = params.filter(({ key }) => !server.params.has(key));
  const kept = params.filter(({ key, value }) => !isSame(value, server.params.get(key) ?? value)).map(({ key }) => key);
  const [key, value] = modelHistoryTag(server.id, run);
  const points = await missingPoints(client, run.points, server);
  let cut = false;
  for (const batch of batches(missing, named({ ...run.tags, [key]: value }), points)) {
    cut = (await logBatch(client, server.id, batch)) || cut;
  }
  return [
    ...(cut
      ? [
          `This old server accepts ${MAX_OLD_PARAM_CHARACTERS} characters per parameter: settings.json holds longer values.`,
        ]
      : []),
    ...(kept.length > 0 ? [`MLflow does not change parameters: earlier values stay (${kept.join(", ")}).`] : []),
  ];
}

/** Returns whether the server has a parameter, perhaps shortened. */
function isSame(value: string, stored: string): boolean {
  return stored === value || stored === shortened(value, MAX_OLD_PARAM_CHARACTERS);
}

/** @returns whether parameters had to be shortened */
async function logBatch(client: MlflowClient, run: string, batch: Batch): Promise<boolean> {
  try {
    await client.post("runs/log-batch", { run_id: run, ...batch });
    return false;
  } catch (error) {
    const cut = batch.params.map(({ key, value }): NamedText => ({
      key,
      value: shortened(value, MAX_OLD_PARAM_CHARACTERS),
    }));
    const isShorter = cut.some(({ value }, i) => value !== batch.params[i].value);
    if (!(error instanceof RefusedCall && error.status === 400 && isShorter)) throw error;
    await client.post("runs/log-batch", { run_id: run, ...batch, params: cut });
    return true;
  }
}

const historySchema = z.object({
  // 64-bit numbers arrive as text; a step of 0 is absent.
  metrics: z.array(z.object({ step: z.coerce.number().default(0) })).default([]),
});

/** Returns the points that the server lacks; a point with the same step is the same. */
async function missingPoints(
  client: MlflowClient,
  points: readonly MlflowPoint[],
  { id, metrics }: ServerRun,
): Promise<MlflowPoint[]> {
  const steps = new Map<string, Set<number>>();
  for (const key of new Set(points.map((point) => point.key))) {
    if (!metrics.has(key)) continue;
    const answer = await client.get("metrics/get-history", { run_id: id, metric_key: key });
    steps.set(key, new Set(client.understood(historySchema, answer).metrics.map(({ step }) => step)));
  }
  return points.filter(({ key, step }) => steps.get(key)?.has(step) !== true);
}

async function logDataset(client: MlflowClient, dataset: MlflowDataset, { id, digests }: ServerRun): Promise<string[]> {
  if (digests.has(dataset.digest)) return [];
  const { name, digest, sourceType, source, schema, profile, tags } = dataset;
  const input = { dataset: { name, digest, source_type: sourceType, source, schema, profile }, tags: named(tags) };
  const log = (): Promise<unknown> => client.post("runs/log-inputs", { run_id: id, datasets: [input] });
  try {
    await log().catch((error: unknown) => {
      // Of two runs that add the same dataset at once, MLflow refuses one (3.17); by now the dataset exists.
      if (error instanceof RefusedCall && error.code !== "") return log();
      throw error;
    });
    return [];
  } catch (error) {
    if (!(error instanceof RefusedCall && error.code === "")) throw error;
    return ["This old server does not support datasets (MLflow 2.4 does): the fingerprint is a parameter."];
  }
}
