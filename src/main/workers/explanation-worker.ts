/** Worker thread that explains predictions. It keeps the latest preparation and network for the next beat. */
import type { NetworkSpec } from "../../contract/domain/networks.ts";
import { loadExplainer, type Explainer } from "../../engine/explanations/explain.ts";
import { summarize } from "../../engine/explanations/summarize.ts";
import { readTrainedModel, weightsInOrder } from "../../engine/exchange/trained-model.ts";
import { inputsWithShapes } from "../../engine/networks/wiring.ts";
import { loadProcessor } from "../../engine/training/load-engine.ts";
import { loadPreparation, type LoadedPreparation } from "../../engine/training/preparation-files.ts";
import { blendRows, fillBatch } from "../../pipeline/beats/batches.ts";
import type { ExplanationTasks } from "./explanation-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

/** Training beats whose mean is the baseline: as many, spread evenly, give the mean of all to a few percent of an SD. */
const BASELINE_BEATS = 2000;

interface Loaded {
  modelFolder: string;
  preparation: LoadedPreparation;
  explainer: Explainer;
  baseline: Float32Array[];
}

let latest: Loaded | undefined;

const handlers: TaskHandlers<ExplanationTasks> = {
  explain({ network, modelFolder, preparationFolder, number, label }) {
    if (latest?.modelFolder !== modelFolder) {
      latest?.explainer.close();
      latest = undefined;
      latest = load(network, { modelFolder, preparationFolder });
    }
    const { preparation, explainer, baseline } = latest;
    const { shape, source, featureNames } = preparation;
    const inputs = rowsOf(network, preparation, preparation.sets.test.subarray(number, number + 1));
    return summarize({
      explanation: explainer.explain(inputs, baseline, label),
      inputs,
      channels: shape.channels ?? 1,
      featureNames,
      ...(source.sequence && { sequence: { before: source.sequence.before, after: source.sequence.after } }),
    });
  },
};

function load(
  network: NetworkSpec,
  { modelFolder, preparationFolder }: Record<"modelFolder" | "preparationFolder", string>,
): Loaded {
  const preparation = loadPreparation(preparationFolder);
  const weights = weightsInOrder(readTrainedModel(modelFolder, network, preparation.shape));
  const explainer = loadExplainer(loadProcessor(), { spec: network, shape: preparation.shape, weights });
  return { modelFolder, preparation, explainer, baseline: meanRows(network, preparation) };
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
