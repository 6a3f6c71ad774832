/** Worker thread that explains predictions. It keeps the latest preparation and network for the next beat. */
import type { NetworkSpec } from "../../contract/domain/networks.ts";
import { loadExplainer, meanExplanation, type Explainer } from "../../engine/explanations/explain.ts";
import { summarize } from "../../engine/explanations/summarize.ts";
import { readTrainedModels, weightsInOrder } from "../../engine/exchange/trained-model.ts";
import { inputsWithShapes } from "../../engine/networks/wiring.ts";
import { loadProcessor } from "../../engine/training/load-engine.ts";
import { loadPreparation, type LoadedPreparation } from "../../engine/training/preparation-files.ts";
import { blendRows, fillBatch } from "../../pipeline/beats/batches.ts";
import { classShapes } from "../../pipeline/evaluation/class-shapes.ts";
import type { ExplanationTasks } from "./explanation-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

/** Training beats whose mean is the baseline: as many, spread evenly, give the mean of all to a few percent of an SD. */
const BASELINE_BEATS = 2000;

interface Loaded {
  modelFolder: string;
  preparation: LoadedPreparation;
  /** One for each network of an ensemble. */
  explainers: Explainer[];
  baseline: Float32Array[];
}

let latest: Loaded | undefined;
let latestPreparation: { folder: string; preparation: LoadedPreparation } | undefined;

const handlers: TaskHandlers<ExplanationTasks> = {
  explain({ networks, modelFolder, preparationFolder, number, label }) {
    if (latest?.modelFolder !== modelFolder) {
      latest?.explainers.forEach((explainer) => explainer.close());
      latest = undefined;
      latest = load(networks, { modelFolder, preparationFolder });
    }
    const { preparation, explainers, baseline } = latest;
    const { shape, source, featureNames } = preparation;
    // The networks of an ensemble have the same inputs.
    const inputs = rowsOf(networks[0], preparation, preparation.sets.test.subarray(number, number + 1));
    return summarize({
      explanation: meanExplanation(explainers.map((explainer) => explainer.explain(inputs, baseline, label))),
      inputs,
      channels: shape.channels ?? 1,
      featureNames,
      ...(source.sequence && { sequence: { before: source.sequence.before, after: source.sequence.after } }),
    });
  },
  classShapes({ preparationFolder, truth, predicted }) {
    const { source, sets, labels, shape } = preparationIn(preparationFolder);
    const { values, length } = source;
    const found = classShapes({
      values,
      length,
      examples: sets.test,
      truth,
      predicted,
      classes: labels.length,
    });
    return { ...found, channels: shape.channels ?? 1 };
  },
};

function preparationIn(folder: string): LoadedPreparation {
  if (latestPreparation?.folder !== folder) {
    latestPreparation = undefined;
    latestPreparation = { folder, preparation: loadPreparation(folder) };
  }
  return latestPreparation.preparation;
}

function load(
  networks: readonly NetworkSpec[],
  { modelFolder, preparationFolder }: Record<"modelFolder" | "preparationFolder", string>,
): Loaded {
  const preparation = preparationIn(preparationFolder);
  const backend = loadProcessor();
  const explainers = readTrainedModels(modelFolder, networks, preparation.shape).map((model) =>
    loadExplainer(backend, { spec: model.spec, shape: model.shape, weights: weightsInOrder(model) }),
  );
  return { modelFolder, preparation, explainers, baseline: meanRows(networks[0], preparation) };
}

/** Returns the rows of examples for each input of a network. */
function rowsOf(network: NetworkSpec, { source, shape }: LoadedPreparation, examples: Uint32Array): Float32Array[] {
  const given = inputsWithShapes(network, shape);
  const rows = given.map(({ size }) => new Float32Array(examples.length * size));
  const filling = { source, inputs: given.map(({ id }) => id), fillRows: blendRows };
  fillBatch(filling, examples, rows, new Uint8Array(examples.length));
  return rows;
}

/** Returns the mean of the training beats by each input. */
function meanRows(network: NetworkSpec, preparation: LoadedPreparation): Float32Array[] {
  const { train } = preparation.sets;
  const every = Math.max(1, Math.floor(train.length / BASELINE_BEATS));
  const chosen = train.filter((_, i) => i % every === 0);
  return rowsOf(network, preparation, chosen).map((rows) => {
    const sums = new Float64Array(rows.length / chosen.length);
    rows.forEach((value, i) => (sums[i % sums.length] += value));
    return Float32Array.from(sums, (sum) => sum / chosen.length);
  });
}

serveTasks(handlers);
