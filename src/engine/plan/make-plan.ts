/** Makes the plan of a network: the layout of its state, a program for each batch size, and one for predictions. */
import { CROSS_ENTROPY } from "../networks/loss-shape.ts";
import { addInputs, planNetwork } from "./plan-network.ts";
import { constantOf, planClipping, planOptimizer } from "./plan-optimizer.ts";
import { STEP_NUMBERS, type Plan, type PredictionProgram, type StateLayout, type TrainingProgram } from "./plan.ts";
import { ProgramBuilder } from "./program-builder.ts";
import { layOut, type StateSettings } from "./state-layout.ts";

export interface PlanSettings extends Omit<StateSettings, "zeros"> {
  /** Batch sizes of the training, in beats. */
  batches: readonly number[];
  /** Beats predicted at once. */
  predictedAtOnce: number;
  /** Whether predictions also return the output of the last hidden layer. */
  keepsHidden?: boolean;
}

/** Makes a plan. @param settings with a sound network, see `describeNetwork` */
export function makePlan(settings: PlanSettings): Plan {
  const state = layOut(settings);
  return {
    state,
    training: [...new Set(settings.batches)].map((batch) => planTraining(settings, state, batch)),
    prediction: planPrediction(settings, state),
    explanations: [],
  };
}

function planTraining(settings: PlanSettings, state: StateLayout, batch: number): TrainingProgram {
  const { network, shape, optimizer, clipping, loss = CROSS_ENTROPY } = settings;
  const program = new ProgramBuilder();
  const feed = {
    inputs: addInputs(program, settings, batch),
    truth: program.add("classes", batch, "feed"),
    weights: program.add("beat weights", batch, "feed"),
    numbers: program.add("numbers", STEP_NUMBERS, "feed"),
    result: program.add("result", 2, "feed"),
  };
  const backward: { layer: string; calls: () => void }[] = [];
  const { logits } = planNetwork(program, network, {
    purpose: "training",
    shape,
    batch,
    state,
    inputs: feed.inputs,
    numbers: feed.numbers,
    onBackward: (layer, calls) => backward.push({ layer, calls }),
  });
  program.layer = "";
  const dLogits = program.add("logits/gradient", batch * shape.classes);
  program.call("cross-entropy", {
    logits: logits.buffer,
    truth: feed.truth,
    weights: feed.weights,
    dLogits,
    result: feed.result,
    adjustment: constantOf(program, state, "adjustment"),
    rows: batch,
    classes: shape.classes,
    smoothing: loss.labelSmoothing,
    focus: loss.focus,
  });
  logits.gradient = dLogits;
  for (const { layer, calls } of backward.reverse()) {
    program.layer = layer;
    calls();
  }
  program.layer = "";
  planClipping(program, clipping, state, feed.numbers);
  planOptimizer(program, optimizer, state, feed.numbers);
  const sizes = program.place();
  return { buffers: program.buffers, calls: program.calls, ...sizes, batch, ...feed };
}

/** Plans a prediction. */
export function planPrediction(
  settings: Pick<PlanSettings, "network" | "shape" | "predictedAtOnce" | "keepsHidden">,
  state: StateLayout,
): PredictionProgram {
  const { network, shape, predictedAtOnce: batch, keepsHidden = false } = settings;
  const program = new ProgramBuilder();
  const inputs = addInputs(program, settings, batch);
  const probabilities = program.add("probabilities", batch * shape.classes, "feed");
  const { logits, outputs } = planNetwork(program, network, {
    ...{ purpose: "prediction", shape, batch, state, inputs, numbers: null },
    onBackward: () => {},
  });
  program.layer = "";
  const hidden = outputs.get(network.layers.at(-1)!.id)!.buffer;
  if (keepsHidden) program.keep(hidden);
  program.call("softmax", { logits: logits.buffer, y: probabilities, rows: batch, classes: shape.classes });
  const sizes = program.place();
  const { buffers, calls } = program;
  return { buffers, calls, ...sizes, batch, inputs, probabilities, ...(keepsHidden && { hidden }) };
}
