/**
 * Runs a target over its cases in a worker thread and watches it: a case that takes too long, too much memory, or ends
 * the thread is a finding, and the run continues with the next case.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { removeTemporaryFolders } from "./folders.ts";
import { makeInput } from "./make-input.ts";
import type { ListedTarget } from "./targets/index.ts";
import { COUNTS_BYTES, counts, type WorkerMessage, type WorkerOrder } from "./worker-messages.ts";

/** Time limit of a case, in ms; a longer one counts as a hang. */
const HANG_MS = 5000;
/** The same where the app ends the thread: it waits for 3 s, which would take hours here. */
const ENDED_AFTER_MS = 1000;
const POLL_MS = 200;
/** Heap of the worker thread, in MiB. */
const HEAP_MIB = 512;
/** Growth of the process's memory over a target, in bytes: its arrays are outside of the heap. */
const MEMORY_BYTES = 1_500_000_000;
/** Saved inputs of each kind of finding, and saved kinds. */
const SAVED_OF_A_KIND = 2;
const SAVED_KINDS = 40;
/** Number of ended threads after which the target ends: it fails at most of its inputs. */
const MAX_LOST_THREADS = 50;

export interface Finding {
  number: number;
  what: string;
  /** Folder of the saved input; null: others of its kind were saved. */
  path: string | null;
}

export interface TargetResult {
  target: string;
  inputs: number;
  accepted: number;
  refused: number;
  /** Inputs that ended their thread, where the app lets them. */
  ended: number;
  findings: Finding[];
  /** Fastest of three times, in ms. */
  slowestMs: number;
  inputsPerSecond: number;
  seed: number;
}

export interface RunOptions {
  seed: number;
  /** Cases `from` to `to` − 1. */
  from: number;
  to: number;
  /** Folder for inputs that are findings. */
  saveTo: string;
  onFinding?: (finding: Finding) => void;
}

export async function runTarget(target: ListedTarget, options: RunOptions): Promise<TargetResult> {
  const { seed, from, to } = options;
  const began = performance.now();
  const findings = new Findings(target, options);
  const tally = new Int32Array(new SharedArrayBuffer(COUNTS_BYTES));
  const hangMs = target.endsThreads === true ? ENDED_AFTER_MS : HANG_MS;
  const order = { file: target.file, target: target.name, seed, to, shared: tally.buffer };
  let slowestMs = 0;
  let ended = 0;
  let lost = 0;
  for (let next = from; next < to;) {
    const outcome = await runThread({ ...order, from: next }, hangMs, findings);
    if (outcome.ended === null) {
      slowestMs = Math.max(slowestMs, outcome.slowestMs);
      break;
    }
    const { number, what } = outcome.ended;
    next = Atomics.load(tally, counts.next);
    // The case ended while the thread was being terminated.
    if (next > number) continue;
    // A busy machine can stop a thread for seconds: a hang must repeat when the case runs alone.
    const isStall = what === "hang" && target.endsThreads !== true;
    if (isStall && !(await hangsAlone({ ...order, from: number, to: number + 1 }))) continue;
    next = number + 1;
    if (target.endsThreads === true) {
      ended++;
      continue;
    }
    await findings.add(number, what === "hang" ? `takes over ${HANG_MS / 1000} s` : what, what);
    if (++lost < MAX_LOST_THREADS) continue;
    await findings.add(number, `ended ${lost} threads: the target was given up`, "given up");
    break;
  }
  removeTemporaryFolders();
  const seconds = (performance.now() - began) / 1000;
  const [accepted, refused] = [tally[counts.accepted], tally[counts.refused]];
  const inputs = accepted + refused + ended + findings.all.length;
  return {
    target: target.name,
    inputs,
    accepted,
    refused,
    ended,
    findings: findings.all,
    slowestMs,
    inputsPerSecond: inputs / seconds,
    seed,
  };
}

type ThreadOutcome = { ended: null; slowestMs: number } | { ended: { number: number; what: string } };

/** Runs cases in one thread until they are done or the thread is terminated. */
async function runThread(order: WorkerOrder, hangMs: number, findings: Findings | null): Promise<ThreadOutcome> {
  const tally = new Int32Array(order.shared);
  Atomics.store(tally, counts.current, -1);
  Atomics.store(tally, counts.next, order.from);
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    // Messages of libraries about damaged input are not printed.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let outcome: ThreadOutcome | null = null;
  const saving: Promise<void>[] = [];
  const end = (what: string): void => {
    outcome ??= { ended: { number: Math.max(order.from, Atomics.load(tally, counts.current)), what } };
  };
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "done") outcome ??= { ended: null, slowestMs: message.slowestMs };
    if (message.kind === "finding" && findings) {
      saving.push(findings.add(message.number, message.what, kindOf(message.what, message.stack)));
    }
  });
  worker.on("error", (error: Error) => end(`ended its thread: ${error.name}: ${error.message}`));
  worker.on("exit", () => end("ended its thread without a word"));
  const before = process.memoryUsage.rss();
  let current = -1;
  let since = performance.now();
  while (outcome === null) {
    await wait(POLL_MS);
    const now = Atomics.load(tally, counts.current);
    if (now !== current) [current, since] = [now, performance.now()];
    else if (now >= 0 && performance.now() - since > hangMs) end("hang");
    if (process.memoryUsage.rss() - before > MEMORY_BYTES) end(`takes over ${MEMORY_BYTES / 1e9} GB`);
  }
  await worker.terminate();
  await Promise.all(saving);
  return outcome;
}

async function hangsAlone(order: WorkerOrder): Promise<boolean> {
  const shared = new SharedArrayBuffer(COUNTS_BYTES);
  const { ended } = await runThread({ ...order, shared }, HANG_MS, null);
  return ended !== null;
}

/** Returns the kind of a finding: the message without numbers and names, and where it was thrown. */
function kindOf(what: string, stack: string): string {
  const thrownAt = stack.split("\n").find((line) => /^\s+at /.test(line)) ?? "";
  return `${what.replaceAll(/\d+|“[^”]*”|"[^"]*"/g, "#").slice(0, 60)}${thrownAt}`;
}

class Findings {
  readonly all: Finding[] = [];
  readonly #target: ListedTarget;
  readonly #options: RunOptions;
  readonly #kinds = new Map<string, number>();

  constructor(target: ListedTarget, options: RunOptions) {
    this.#target = target;
    this.#options = options;
  }

  async add(number: number, what: string, kind: string): Promise<void> {
    const before = this.#kinds.get(kind) ?? 0;
    this.#kinds.set(kind, before + 1);
    const isSaved = before < SAVED_OF_A_KIND && this.#kinds.size <= SAVED_KINDS;
    const finding = { number, what, path: isSaved ? await this.#save(number) : null };
    this.all.push(finding);
    if (isSaved) this.#options.onFinding?.(finding);
  }

  async #save(number: number): Promise<string> {
    const { seed, saveTo } = this.#options;
    const input = makeInput(this.#target, await this.#target.examples(), seed, number);
    const folder = join(saveTo, `${this.#target.name}-${seed}-${number}`);
    mkdirSync(folder, { recursive: true });
    for (const [i, part] of Object.keys(this.#target.parts).entries()) writeFileSync(join(folder, part), input[i]);
    return folder;
  }
}
