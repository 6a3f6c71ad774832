/** `network`: shows a network layer by layer. */
import type { Command } from "commander";
import { errorCodes } from "../../../contract/domain/errors.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import {
  activations,
  layerKinds,
  type NetworkDescription,
  type NetworkShape,
  type NetworkSpec,
} from "../../../contract/domain/networks.ts";
import { networkNames } from "../../../contract/domain/training.ts";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { beatsAtOnce } from "../../../engine/networks/beats-at-once.ts";
import { describeNetwork } from "../../../engine/networks/describe-network.ts";
import { makePlan } from "../../../engine/plan/make-plan.ts";
import type { Plan } from "../../../engine/plan/plan.ts";
import { findNetwork } from "../../services/networks/network-files.ts";
import { nonEmpty, wholeNumber } from "../arguments.ts";
import { savedNetworks } from "../session.ts";
import { terminalOf } from "../terminal.ts";
import { describeLayers } from "../views/network.ts";
import { describePlan } from "../views/plan.ts";

interface Options {
  window: number;
  channels?: number;
  features?: number;
  steps?: number;
  classes: number;
  plan?: true;
  batch: number;
}

export function addNetworkCommand(program: Command): void {
  program
    .command("network")
    .description("show a network layer by layer: output shapes, parameters and errors")
    .argument(
      "[network]",
      "ann, cnn, lstm, rhythm-and-shape, residual-cnn, a network file, or the name of a saved network (default: the three presets of the study)",
      nonEmpty,
    )
    .option("--window <samples>", "window of a beat", wholeNumber(1, 200_000), 360)
    .option("--channels <n>", "values of each sample: leads and further channels", wholeNumber(1, 64))
    .option("--features <n>", "features of a beat, for the inputs rhythm and sequence", wholeNumber(1, 4096))
    .option("--steps <beats>", "beats of a sequence of features", wholeNumber(1, 2001))
    .option("--classes <n>", "number of classes", wholeNumber(2, 1000), 14)
    .option("--plan", "show the plan of a training step: its memory, and its calls of kernels")
    .option("--batch <beats>", "batch size of the plan", wholeNumber(1, 65_536), 64)
    .addHelpText("after", HELP)
    .action((given: string | undefined, options: Options, command: Command) => {
      const terminal = terminalOf(command);
      const shape = shapeOf(options);
      const networks = (given === undefined ? networkNames : [findNetwork(given, savedNetworks(command))]).map(
        networkOf,
      );
      const described = networks.map((network) => ({ network, description: describeNetwork(network, shape) }));
      const plans = options.plan ? described.map((each) => planOf(each, shape, options.batch)) : [];
      const texts = described.map((each, i) =>
        [describeLayers(each), ...(plans[i] ? [describePlan(plans[i], each.network.name)] : [])].join("\n\n"),
      );
      terminal.say(texts.join("\n\n"));
      const documents = described.map((each, i) => ({ ...each, ...(plans[i] ? { plan: plans[i] } : {}) }));
      terminal.document(given === undefined ? { networks: documents } : documents[0]);
      if (described.some(({ description }) => !description.sound)) process.exitCode = errorCodes["invalid-settings"];
    });
}

function shapeOf({ window: windowLength, channels, features, steps, classes }: Options): NetworkShape {
  const shape: NetworkShape = { windowLength, classes };
  if (channels !== undefined) shape.channels = channels;
  if (features !== undefined) shape.features = features;
  if (steps !== undefined) shape.steps = steps;
  return shape;
}

/** Returns the plan with the default optimizer; null for a network with an error. */
function planOf(
  { network, description }: { network: NetworkSpec; description: NetworkDescription },
  shape: NetworkShape,
  batch: number,
): Plan | null {
  if (!description.sound) return null;
  const { optimizer, clipping } = defaultTraining("ann");
  const predictedAtOnce = beatsAtOnce(network, shape);
  return makePlan({ network, shape, batches: [batch], predictedAtOnce, optimizer, clipping });
}

const HELP = `
A custom network is a JSON file, for example:
  {
    "name": "Small CNN",
    "layers": [
      { "id": "conv", "kind": "conv1d", "filters": 16, "kernelSize": 7, "strides": 2, "activation": "relu" },
      { "id": "norm", "kind": "batch-normalization" },
      { "id": "both", "kind": "bidirectional", "layer": { "kind": "lstm", "units": 16 }, "merge": "concat" },
      { "id": "drop", "kind": "dropout", "rate": 0.3 }
    ]
  }
The input of a layer is the output of the layer before it, or of the layers named in "inputs". Named there, "input" is
the beat, "rhythm" the features of the beat, and "sequence" the features of the beat with its neighbours.
Ectopy adds the output layer, with one unit per class. If the first layer is dense, a beat of one channel is a row of
samples, else a sequence.

Layer kinds: ${layerKinds.join(", ")}.
Activations: ${activations.join(", ")}.
\`ectopy network cnn --json\` prints a network as a template, in the field "network".`;
