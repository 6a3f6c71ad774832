/** Experiments on an MLflow server, and the runs of ours that are in one already. */
import { z } from "zod";
import { MAX_QUOTED_LENGTH, shortened } from "../../../../contract/text/shorten.ts";
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { needed, RefusedCall, type MlflowClient } from "./client.ts";
import { IDENTITY_TAG, STAMP_TAG } from "./mlflow-run.ts";

const experimentSchema = z.object({
  experiment: z.object({
    experiment_id: z.string(),
    artifact_location: z.string().default(""),
    lifecycle_stage: z.string().default("active"),
  }),
});
const createdSchema = z.object({ experiment_id: z.string() });

const textsSchema = z.array(z.object({ key: z.string(), value: z.string().default("") })).default([]);
export const runSchema = z.object({
  info: z.object({ run_id: z.string(), artifact_uri: z.string().default("") }),
  data: z
    .object({ metrics: z.array(z.object({ key: z.string() })).default([]), params: textsSchema, tags: textsSchema })
    .prefault({}),
  inputs: z
    .object({ dataset_inputs: z.array(z.object({ dataset: z.object({ digest: z.string() }) })).default([]) })
    .prefault({}),
});
const searchSchema = z.object({ runs: z.array(runSchema).default([]), next_page_token: z.string().default("") });

/** A run as the server has it. */
export interface ServerRun {
  id: string;
  artifactUri: string;
  /** Of the state that was handed over whole; null where that broke off. */
  stamp: string | null;
  params: ReadonlyMap<string, string>;
  /** Those that have any point. */
  metrics: ReadonlySet<string>;
  /** Of datasets. */
  digests: ReadonlySet<string>;
}

export function serverRun({ info, data, inputs }: z.infer<typeof runSchema>): ServerRun {
  return {
    id: info.run_id,
    artifactUri: info.artifact_uri,
    stamp: data.tags.find(({ key }) => key === STAMP_TAG)?.value ?? null,
    params: new Map(data.params.map(({ key, value }) => [key, value])),
    metrics: new Set(data.metrics.map(({ key }) => key)),
    digests: new Set(inputs.dataset_inputs.map(({ dataset }) => dataset.digest)),
  };
}

/**
 * The experiment of that name, made where it is not there.
 * @returns its number
 * @throws EctopyError; `server-refuses` where it was deleted, `server-unsuitable` where the server takes no files
 */
export async function findExperiment(client: MlflowClient, name: string): Promise<string> {
  try {
    const experiment = (await lookUp(client, name)) ?? (await create(client, name));
    if (experiment.lifecycle_stage === "deleted") {
      throw new EctopyError(
        "server-refuses",
        `The experiment “${name}” was deleted on ${client.url}.`,
        `Restore it there (mlflow experiments restore -x ${experiment.experiment_id}), or name another with --experiment.`,
      );
    }
    filesBelow(experiment.artifact_location, client.url);
    return experiment.experiment_id;
  } catch (error) {
    throw needed(error, client.url);
  }
}

async function lookUp(client: MlflowClient, name: string) {
  try {
    const answer = await client.get("experiments/get-by-name", { experiment_name: name });
    return client.understood(experimentSchema, answer).experiment;
  } catch (error) {
    if (error instanceof RefusedCall && error.code === "RESOURCE_DOES_NOT_EXIST") return null;
    throw error;
  }
}

async function create(client: MlflowClient, name: string) {
  try {
    client.understood(createdSchema, await client.post("experiments/create", { name }));
  } catch (error) {
    // Somebody else was quicker.
    if (!(error instanceof RefusedCall && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
  }
  const experiment = await lookUp(client, name);
  if (experiment !== null) return experiment;
  throw new EctopyError(
    "server-refuses",
    `The MLflow server at ${client.url} made the experiment “${name}”, but does not show it.`,
    "Ask who runs the server for the right to read it.",
  );
}

/**
 * Where a run's or an experiment's files go, as the server's paths have it.
 * @param uri such as `mlflow-artifacts:/1/…`
 * @throws EctopyError `server-unsuitable` where the server does not hand files on
 */
export function filesBelow(uri: string, url: string): string {
  const own = /^mlflow-artifacts:\/(?:\/([^/]*))?\/?(.*)$/.exec(uri);
  if (own !== null && (!own[1] || own[1] === new URL(url).host)) return own[2];
  const place = uri === "" ? "an unknown location" : shortened(uri, MAX_QUOTED_LENGTH);
  throw new EctopyError(
    "server-unsuitable",
    `The MLflow server at ${url} does not accept files: it stores them at ${place}.`,
    "Start it with --serve-artifacts and name a new experiment with --experiment, or export to a folder.",
  );
}

/** As many runs in an answer; each with all its parameters and tags. */
const PAGE = 200;
/** So many are looked for one by one, more by one search for all runs of ours. */
const FEW = 4;

/**
 * Runs of ours in an experiment, by identity.
 * @param identities of those that are looked for; others may be among the found
 */
export async function findRuns(
  client: MlflowClient,
  experiment: string,
  identities: readonly string[],
): Promise<Map<string, ServerRun>> {
  const found = new Map<string, ServerRun>();
  const wanted = identities.length > FEW ? ["LIKE '%'"] : identities.map((identity) => `= '${identity}'`);
  for (const each of wanted) {
    for await (const { identity, run } of search(client, experiment, `tags.\`${IDENTITY_TAG}\` ${each}`)) {
      // Of two, one that is whole.
      if (run.stamp !== null || !found.has(identity)) found.set(identity, run);
    }
  }
  return found;
}

async function* search(
  client: MlflowClient,
  experiment: string,
  filter: string,
): AsyncGenerator<{ identity: string; run: ServerRun }> {
  const body = { experiment_ids: [experiment], filter, run_view_type: "ACTIVE_ONLY", max_results: PAGE };
  const asked = new Set<string>();
  try {
    for (let page = "", more = true; more; more = page !== "") {
      if (asked.has(page)) throw repeatedPage(client.url);
      asked.add(page);
      const question = page === "" ? body : { ...body, page_token: page };
      const answer = client.understood(searchSchema, await client.post("runs/search", question));
      for (const each of answer.runs) {
        const identity = each.data.tags.find(({ key }) => key === IDENTITY_TAG)?.value;
        if (identity !== undefined) yield { identity, run: serverRun(each) };
      }
      page = answer.next_page_token;
    }
  } catch (error) {
    throw needed(error, client.url);
  }
}

/** Its list would never end. */
function repeatedPage(url: string): EctopyError {
  return new EctopyError(
    "server-unsuitable",
    `The MLflow server at ${url} lists its runs in a circle: a page of them leads back to one before it.`,
    "Update the server, or export to a folder.",
  );
}
