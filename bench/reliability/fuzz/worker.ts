/**
 * The worker thread that a target runs in: cases one after the other; counts in shared memory, findings as messages.
 */
import { parentPort, workerData } from "node:worker_threads";
import { EctopyError, errorCodes } from "../../../src/contract/domain/errors.ts";
import { makeInput } from "./make-input.ts";
import type { Reader, Target } from "./target.ts";
import { counts, type WorkerMessage, type WorkerOrder } from "./worker-messages.ts";

/** Longest accepted error message, in characters: no message may repeat an input. */
const MAX_MESSAGE_LENGTH = 6000;
/** Slow cases that are timed again at the end: a busy machine makes any case slow once. */
const RETIMED = 10;
const RETIMES = 3;

const { file, target: name, seed, from, to, shared } = workerData as WorkerOrder;
const exported = (await import(`./targets/${file}.ts`)) as Record<string, Target>;
const target = Object.values(exported).find((each) => each.name === name)!;
const tally = new Int32Array(shared);
const say = (message: WorkerMessage): void => parentPort!.postMessage(message);

const examples = await target.examples();
const reader = await target.open();
const slowest: { number: number; ms: number }[] = [];
say({ kind: "ready" });
for (let number = from; number < to; number++) {
  Atomics.store(tally, counts.current, number);
  const input = makeInput(target, examples, seed, number);
  const began = performance.now();
  const finding = await tryOne(reader, input, number < examples.length);
  keepSlowest(number, performance.now() - began);
  if (finding !== null) say({ kind: "finding", number, what: finding.what, stack: finding.stack });
  Atomics.store(tally, counts.next, number + 1);
}
Atomics.store(tally, counts.current, -1);
const slowestMs = await timeAgain();
await reader.close?.();
say({ kind: "done", slowestMs });

/** @returns null if the input was accepted or properly refused */
async function tryOne(
  open: Reader,
  input: ReturnType<typeof makeInput>,
  isExample: boolean,
): Promise<{ what: string; stack: string } | null> {
  try {
    const waiting = open.read(input);
    if (waiting !== undefined) await waiting;
    Atomics.add(tally, counts.accepted, 1);
    return null;
  } catch (error) {
    if (!isExample && isRefusal(error)) {
      Atomics.add(tally, counts.refused, 1);
      return null;
    }
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    const what = error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} thrown`;
    return { what: isExample ? `a valid example is refused: ${what}` : what, stack: stack.slice(0, 2000) };
  }
}

/** Returns whether an error is in the catalogue and short enough to be shown. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof EctopyError)) return false;
  const { code, message, fix } = error;
  return Object.hasOwn(errorCodes, code) && message !== "" && message.length <= MAX_MESSAGE_LENGTH && fix !== "";
}

function keepSlowest(number: number, ms: number): void {
  if (slowest.length === RETIMED && ms <= slowest[RETIMED - 1].ms) return;
  slowest.push({ number, ms });
  slowest.sort((a, b) => b.ms - a.ms);
  slowest.length = Math.min(slowest.length, RETIMED);
}

/** The slowest of the slow cases, each at its best of several times. */
async function timeAgain(): Promise<number> {
  let most = 0;
  for (const { number } of slowest) {
    const input = makeInput(target, examples, seed, number);
    let least = Infinity;
    for (let time = 0; time < RETIMES; time++) {
      const began = performance.now();
      try {
        await reader.read(input);
      } catch {
        // Counted when it was first read.
      }
      least = Math.min(least, performance.now() - began);
    }
    most = Math.max(most, least);
  }
  return most;
}
