/** One round of a soak: a user's work of an afternoon over the socket and the upload, and its removal. */
import { rmSync } from "node:fs";
import { defaultPreparation, defaultTraining } from "../../../src/contract/settings/defaults.ts";
import type { JobSnapshot } from "../../../src/contract/domain/jobs.ts";
import { randomStream } from "../../../src/pipeline/random.ts";
import { sampleFiles } from "../../../tests/support/sample-records.ts";
import { connect, type TestClient } from "../../../tests/support/socket-client.ts";
import { zipOf } from "../../../tests/support/zip.ts";

export interface SoakRound {
  url: string;
  cookie: string;
  /** Folder for exports; removed at the end of the round. */
  exports: string;
  seed: number;
  round: number;
}

const PATIENTS = 12;
const RECORDS_PER_ROUND = 2;
/** Idle sockets that open beside the working one and close before or with it. */
const IDLE_SOCKETS = 5;
/** Sections of each recording that are viewed. */
const VIEWS = 6;
const WAVELET = { wavelet: "db4", levels: 7, threshold: "soft" } as const;

/** @throws Error if any call is refused or fails */
export async function soakRound({ url, cookie, exports, seed, round }: SoakRound): Promise<void> {
  const random = randomStream(seed, "soak", round);
  const client = await connect(url, cookie);
  const idle = await Promise.all(Array.from({ length: IDLE_SOCKETS }, () => connect(url, cookie)));
  try {
    const names = Array.from({ length: RECORDS_PER_ROUND }, (_, i) => (round * RECORDS_PER_ROUND + i) % PATIENTS);
    const records = names.map((number) => `s${String(number + 1).padStart(2, "0")}`);
    const dataset = await done(client, await upload(url, cookie, zipOfRecords(records, round)));
    for (const socket of idle.splice(0, 2)) socket.socket.terminate();

    const settings = { ...defaultPreparation("intra-patient"), seed: round, majorityCap: 200 };
    await client.call("preparations.preview", { dataset, settings });
    const prepared = await client.call("preparations.prepare", { dataset, settings });
    const preparation = await done(client, prepared.job);

    // Not to be measured first, for each number of classes again.
    const training = { ...defaultTraining("ann"), epochs: 2, stepsPerEpoch: 10, threads: 1 };
    const runs: number[] = [];
    for (const number of [0, 1]) {
      const { run } = await client.call("training.start", {
        preparation,
        settings: { ...training, seed: 2 * round + number },
      });
      runs.push(run);
      await trained(client, run);
    }

    await client.call("comparison.runs", { runs });
    await client.call("comparison.paired", { one: runs[0], other: runs[1] });
    await client.call("comparison.curves", { run: runs[0] });
    const started = [
      await client.call("exports.model", { runs, format: round % 2 === 0 ? "keras" : "onnx", folder: exports }),
      await client.call("exports.report", { runs, folder: exports, pdf: round % 4 === 0 }),
      await client.call("exports.csv", { runs, folder: exports }),
      await client.call("exports.mlflow", { runs, place: exports, experiment: "Soak", credentials: {} }),
    ];
    for (const { job } of started) await done(client, job);

    for (const record of records) {
      const place = { dataset, record };
      const { length } = await client.call("recordings.signal", place);
      await client.call("recordings.annotations", place);
      for (let view = 0; view < VIEWS; view++) {
        const from = random.below(length - 3600);
        await client.call("recordings.signal", { ...place, from, to: from + 3600 });
        await client.call("recordings.envelope", { ...place, from, columns: 1200 });
        await client.call("recordings.denoised", { ...place, from, to: from + 3600, lead: 0, ...WAVELET });
      }
    }
    await client.call("runs.list", {});
    await client.call("workspace.info", {});

    for (const run of runs) await client.call("runs.remove", { run });
    await client.call("preparations.remove", { preparation });
    await client.call("datasets.remove", { dataset });
    await client.call("workspace.emptyBin", {});
  } finally {
    for (const { socket } of [client, ...idle]) socket.close();
    rmSync(exports, { recursive: true, force: true });
  }
}

/** Recordings that no earlier round had: a comment of the header names the round. */
function zipOfRecords(names: readonly string[], round: number): Uint8Array<ArrayBuffer> {
  const entries = names.flatMap((name) =>
    [...sampleFiles(name)].map(([file, bytes]) => ({
      name: file,
      bytes: file.endsWith(".hea") ? Buffer.concat([bytes, Buffer.from(`# Soak, round ${round}\n`)]) : bytes,
      deflate: true,
    })),
  );
  return new Uint8Array(zipOf(entries));
}

async function upload(url: string, cookie: string, zip: Uint8Array<ArrayBuffer>): Promise<JobSnapshot> {
  const { origin } = new URL(url);
  const ask = async <Value>(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<Value> => {
    const headers = { cookie, origin };
    const response = await fetch(`${origin}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const answer = (await response.json()) as { ok: true; value: Value } | { ok: false; error: { message: string } };
    if (answer.ok) return answer.value;
    throw new Error(`${method} ${path}: ${answer.error.message}`);
  };
  const { upload: id } = await ask<{ upload: string }>("POST", "/uploads");
  await ask("PUT", `/uploads/${id}/files/recordings.zip`, zip);
  return (await ask<{ job: JobSnapshot }>("POST", `/uploads/${id}/import`, JSON.stringify({ name: "Soak" }))).job;
}

/** Waits for a job's end. @returns the id that it created */
async function done(client: TestClient, { id }: JobSnapshot): Promise<number> {
  const ended = await client.until("job.changed", (job) => job.id === id && job.state !== "running");
  if (ended.state === "done") return ended.subject ?? 0;
  throw new Error(`${ended.title}: ${ended.state}: ${ended.error?.message}`);
}

async function trained(client: TestClient, run: number): Promise<void> {
  for (let seen = 0; ;) {
    const { run: record } = await client.call("runs.get", { run });
    if (record.status === "completed") return;
    if (record.status !== "queued" && record.status !== "running") {
      throw new Error(`Run ${run}: ${record.status}: ${record.error?.message}`);
    }
    const changes = (): number =>
      client.events.filter((message) => message.event === "run.changed" && message.data.run === run).length;
    await client.until("run.changed", (data) => data.run === run && changes() > seen);
    seen = changes();
  }
}
