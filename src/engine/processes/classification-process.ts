/**
 * A process that classifies recordings by trained networks: a crash of the kernels ends this work alone. It ends when its
 * parent kills it.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { reportError } from "../../contract/domain/errors.ts";
import type { NoveltyReference } from "../../pipeline/evaluation/novelty.ts";
import { readTrainedModels, weightsInOrder } from "../exchange/trained-model.ts";
import {
  classifyRows,
  createClassifier,
  fitReference,
  type Classifier,
  type RecordingRows,
} from "../training/classifier.ts";
import { loadProcessor } from "../training/load-engine.ts";
import { peakMemory } from "../training/memory.ts";
import { checkFingerprint, loadPreparation } from "../training/preparation-files.ts";
import {
  BEAT_ROWS,
  classificationCommandSchema,
  FEATURE_ROWS,
  type ClassificationCommand,
  type ClassificationEvent,
  type ClassifyingModel,
} from "./classification-messages.ts";
import { lowerPriority } from "./lower-priority.ts";
import { openParentChannel } from "./parent-channel.ts";
import { endOnUncaught } from "./uncaught.ts";

/** Interval between progress messages. */
const PROGRESS_INTERVAL_MS = 100;

interface LoadedModel {
  classifier: Classifier;
  reference: NoveltyReference | null;
}

endOnUncaught();
lowerPriority();
const line = openParentChannel();
const send = (event: ClassificationEvent): Promise<void> => line.send(event);
const loaded: LoadedModel[] = [];
// Commands are executed one after another, in their order.
let last = Promise.resolve();
line.listen((message) => {
  const command = classificationCommandSchema.parse(message);
  last = last
    .then(() => execute(command))
    .catch((error: unknown) => send({ type: "failed", error: reportError(error) }));
});

async function execute(command: ClassificationCommand): Promise<void> {
  if (command.type === "load") await load(command.models);
  else await classify(command);
}

async function load(models: readonly ClassifyingModel[]): Promise<void> {
  const backend = loadProcessor();
  const references: Extract<ClassificationEvent, { type: "ready" }>["references"] = [];
  for (const { folder, networks, member, shape, reference: known, preparation } of models) {
    const model = readTrainedModels(folder, networks, shape)[member];
    const classifier = createClassifier(backend, { ...model, weights: weightsInOrder(model) });
    const { reference, problem } =
      known === null ? await referenceOf(classifier, preparation) : { reference: known, problem: null };
    loaded.push({ classifier, reference });
    references.push({ reference, problem });
  }
  await send({ type: "ready", references, backend: backend.name });
}

/** Fits the reference. Beats are classified without it where the preparation can't be read. */
async function referenceOf(
  classifier: Classifier,
  { folder, fingerprint }: ClassifyingModel["preparation"],
): Promise<{ reference: NoveltyReference | null; problem: string | null }> {
  try {
    checkFingerprint(folder, fingerprint);
    return { reference: await fitReference(classifier, loadPreparation(folder)), problem: null };
  } catch (error) {
    return { reference: null, problem: reportError(error).message };
  }
}

async function classify({
  recording,
  models,
  rows,
}: Extract<ClassificationCommand, { type: "classify" }>): Promise<void> {
  let told = performance.now();
  for (const [i, model] of models.entries()) {
    const { classifier, reference } = loaded[model];
    const classified = await classifyRows(classifier, storedRows(rows), reference, {
      between: async (done) => {
        if (performance.now() - told < PROGRESS_INTERVAL_MS) return;
        told = performance.now();
        await send({ type: "progress", recording, done: Math.floor((i * rows.beats + done) / models.length) });
        await setImmediate();
      },
    });
    await send({ type: "classified", recording, model, ...classified, peakMemory: peakMemory() });
  }
}

/** Returns rows that are read from the recording's folder. */
function storedRows({ folder, ...rows }: Extract<ClassificationCommand, { type: "classify" }>["rows"]): RecordingRows {
  return {
    ...rows,
    read(table, from, to) {
      const bytes = 4 * rows.widths[table];
      const out = new Float32Array(((to - from) * bytes) / 4);
      const descriptor = openSync(join(folder, table === "beats" ? BEAT_ROWS : FEATURE_ROWS), "r");
      try {
        const into = new Uint8Array(out.buffer);
        for (let done = 0; done < into.length;) {
          const count = readSync(descriptor, into, done, into.length - done, from * bytes + done);
          if (count === 0) throw new RangeError(`${table} of the recording end before row ${to}.`);
          done += count;
        }
      } finally {
        closeSync(descriptor);
      }
      return out;
    },
  };
}
