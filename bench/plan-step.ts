/**
 * Time of a training step by an addon: `node bench/plan-step.ts ADDON NETWORK`. Prints one JSON line with the time on the
 * clock and the processor time of a step, in ms. Random beats; settings of the network's preset.
 */
import { z } from "zod";
import { networkNames } from "../src/contract/domain/training.ts";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { presets } from "../src/contract/settings/network-presets.ts";
import { findCpuAddon, loadCpuBackend } from "../src/engine/backends/cpu.ts";
import { createPlanTraining } from "../src/engine/training/plan-training.ts";
import { randomStream } from "../src/pipeline/random.ts";

const WINDOW = 360;
const CLASSES = 14;
/** Some seconds, so that the resolution of the processor time does not matter. */
const STEPS = { ann: 3000, cnn: 60, lstm: 8 };

const [file, name] = process.argv.slice(2);
const network = z.enum(networkNames).parse(name);
const settings = defaultTraining(network);
const { optimizer, clipping, seed } = settings;
const { step, blocks } = createPlanTraining(loadCpuBackend(file === "installed" ? findCpuAddon()! : file), {
  network: presets[network],
  shape: { windowLength: WINDOW, classes: CLASSES },
  batches: [settings.batch],
  settings: { optimizer, clipping, seed },
});
const random = randomStream(1, "plan-step");
const batch = {
  inputs: [Float32Array.from({ length: settings.batch * WINDOW }, () => random.normal())],
  classes: Int32Array.from({ length: settings.batch }, () => random.below(CLASSES)),
  weights: new Float32Array(settings.batch).fill(1),
};
for (let warmUp = 0; warmUp < 2; warmUp++) step.run(batch, settings.learningRate);
const rates = new Array<number>(Math.min(blocks.capacity, STEPS[network])).fill(settings.learningRate);
const used = process.cpuUsage();
const began = performance.now();
let steps = 0;
for (; steps < STEPS[network]; steps += rates.length) blocks.run(settings.batch, rates);
const clock = (performance.now() - began) / steps;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ clock, processor: (user + system) / 1000 / steps }));
