/** Experiments on an MLflow server, and runs that Ectopy exported to them before. */
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

/** A run on the server. */
export interface ServerRun {
  id: string;
  artifactUri: string;
  /** Stamp of the completely exported state; null where the export was interrupted. */
  stamp: string | null;
  params: ReadonlyMap<string, string>;
  /** Metrics with at least one point. */
  metrics: ReadonlySet<string>;
  /** Digests of datasets. */
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
 * Finds the MLflow experiment with a name; created if it does not exist.
 * @returns its number
 * @throws EctopyError; `server-refuses` where it was deleted, `server-unsuitable` where the server accepts no files
 */
export async function findExperiment(client: MlflowClient, name: string): Promise<string> {
  try {
    const experiment = (await lookUp(client, name)) ?? (await create(client, name));
    if (experiment.lifecycle_stage === "deleted") {
      throw new EctopyError(
        "server-refuses",
        `The experiment “${name}” was deleted on ${client.url}.`,
        `Restore it there (mlflow experiments restore -x ${experiment.experiment_id}), or choose another name with --experiment.`,
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
    // Another client created it in the meantime.
    if (!(error instanceof RefusedCall && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
  }
  const experiment = await lookUp(client, name);
  if (experiment !== null) return experiment;
  throw new EctopyError(
    "server-refuses",
    `The MLflow server at ${client.url} created the experiment “${name}” but denies reading it.`,
    "Ask the server's administrator for read permission.",
  );
}

/**
 * Returns the server's path for files of a run or an experiment.
 * @param uri such as `mlflow-artifacts:/1/…`
 * @throws EctopyError `server-unsuitable` where the server does not proxy files
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

/** Runs in one answer; each has all its parameters and tags. */
const PAGE_SIZE = 200;
/** Up to this number, runs are searched one by one; more by one search for all runs of Ectopy. */
const MAX_SINGLE_SEARCHES = 4;

/**
 * Finds runs of Ectopy in an experiment, by identity.
 * @param identities to search for; other runs may be returned too
 */
export async function findRuns(
  client: MlflowClient,
  experiment: string,
  identities: readonly string[],
): Promise<Map<string, ServerRun>> {
  const found = new Map<string, ServerRun>();
  const filters =
    identities.length > MAX_SINGLE_SEARCHES ? ["LIKE '%'"] : identities.map((identity) => `= '${identity}'`);
  for (const each of filters) {
    for await (const { identity, run } of search(client, experiment, `tags.\`${IDENTITY_TAG}\` ${each}`)) {
      // Of two, the complete one.
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
  const body = { experiment_ids: [experiment], filter, run_view_type: "ACTIVE_ONLY", max_results: PAGE_SIZE };
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

/** The list would never end. */
function repeatedPage(url: string): EctopyError {
  return new EctopyError(
    "server-unsuitable",
    `The MLflow server at ${url} lists runs without an end: a page refers to an earlier page.`,
    "Update the server, or export to a folder.",
  );
}
