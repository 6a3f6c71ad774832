/** Makes the plan of an explanation: gradients of the logits by the inputs, for a prediction of the network. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { optimizerSchema } from "../../contract/domain/optimization.ts";
import { weightsOf } from "../networks/layer-weights.ts";
import { inputsOf, inputsUsedBy } from "../networks/wiring.ts";
import { planPrediction } from "./make-plan.ts";
import { addInputs, planNetwork, type PlannedNetwork } from "./plan-network.ts";
import type { ExplanationProgram, Plan, StateLayout } from "./plan.ts";
import { ProgramBuilder } from "./program-builder.ts";
import { layOut } from "./state-layout.ts";

export interface ExplanationSettings {
  network: NetworkSpec;
  shape: NetworkShape;
  /** Beats explained at once. */
  batch: number;
}

export interface ExplanationPlan extends Plan {
  /** True gradients, of a batch. */
  plain: ExplanationProgram;
  /** Guided gradients, of one beat. */
  guided: ExplanationProgram;
}

/** Makes a plan that explains beats. @param settings with a sound network */
export function makeExplanation(settings: ExplanationSettings): ExplanationPlan {
  const { network, shape, batch } = settings;
  const normalized = weightsOf(network, shape).filter(({ role }) => role === "moving_mean");
  const zeros = Math.max(0, ...normalized.map((mean) => mean.shape[0]));
  // Without slots and clipping: no weight changes.
  const optimizer = optimizerSchema.parse({ kind: "sgd" });
  const state = layOut({ network, shape, optimizer, clipping: { kind: "none" }, zeros });
  const plain = planExplanation(settings, state, "explanation");
  const guided = planExplanation({ ...settings, batch: 1 }, state, "guided explanation");
  return {
    state,
    training: [],
    prediction: planPrediction({ network, shape, predictedAtOnce: batch }, state),
    explanations: [plain, guided],
    plain,
    guided,
  };
}

function planExplanation(
  { network, shape, batch }: ExplanationSettings,
  state: StateLayout,
  purpose: "explanation" | "guided explanation",
): ExplanationProgram {
  const program = new ProgramBuilder();
  const inputs = addInputs(program, { network, shape }, batch);
  const logitWeights = program.add("weights of the logits", batch * shape.classes, "feed");
  const backward: { layer: string; calls: () => void }[] = [];
  const { logits, outputs } = planNetwork(program, network, {
    ...{ purpose, shape, batch, state, inputs, numbers: null },
    onBackward: (layer, calls) => backward.push({ layer, calls }),
  });
  const convolutions = lastConvolutions(network, outputs);
  const copy = (name: string, from: number): number => {
    const count = program.sizeOf(from);
    const to = program.add(name, count, "feed");
    program.call("scale", { x: from, y: to, count, factor: 1 });
    return to;
  };
  // The backward calls change the gradient of the logits, and the caller's weights must stay.
  const count = batch * shape.classes;
  logits.gradient = program.add("logits/gradient", count);
  program.layer = "";
  program.call("scale", { x: logitWeights, y: logits.gradient, count, factor: 1 });
  const maps: ExplanationProgram["maps"] = [];
  for (const { layer, calls } of backward.reverse()) {
    program.layer = layer;
    const input = convolutions.get(layer);
    if (input !== undefined) {
      const { buffer, gradient, shape: of } = outputs.get(layer)!;
      const [time, channels] = of;
      // Before the calls of the layer, which change the gradient.
      const copies = { output: copy(`${layer}/map`, buffer), gradient: copy(`${layer}/map-gradient`, gradient!) };
      maps.push({ input, ...copies, time, channels });
    }
    calls();
  }
  program.layer = "";
  const gradients = inputsUsedBy(network).map((id) => copy(`${id}/result`, outputs.get(id)!.gradient!));
  const sizes = program.place();
  return { buffers: program.buffers, calls: program.calls, ...sizes, batch, inputs, logitWeights, gradients, maps };
}

/**
 * Returns the last convolution along the time of each input that the network uses, by its layer; an input that joins
 * another one before has none.
 */
function lastConvolutions(network: NetworkSpec, outputs: PlannedNetwork["outputs"]): Map<string, number> {
  const { layers } = network;
  /** Position of the input whose time axis an output has; null: none, or that of several inputs. */
  const axisOf = new Map<string, number | null>(inputsUsedBy(network).map((id, i) => [id, i]));
  const last = new Map<number, string>();
  layers.forEach((layer, i) => {
    const [axis, ...others] = new Set(inputsOf(layers, i).map((id) => axisOf.get(id) ?? null));
    const keeps = others.length === 0 && outputs.get(layer.id)!.shape.length === 2 ? axis : null;
    axisOf.set(layer.id, keeps);
    if (layer.kind === "conv1d" && keeps !== null) last.set(keeps, layer.id);
  });
  return new Map([...last].map(([input, layer]) => [layer, input]));
}
