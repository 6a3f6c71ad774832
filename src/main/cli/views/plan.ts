/** The plan of a network as text: its memory and its calls. */
import { activations } from "../../../contract/domain/networks.ts";
import { formatBytes } from "../../../contract/text/format-bytes.ts";
import { costsOf } from "../../../engine/plan/costs.ts";
import { kernels } from "../../../engine/plan/kernels.ts";
import type { Plan, Program, TrainingProgram } from "../../../engine/plan/plan.ts";
import { formatTable } from "../format.ts";

const BYTES_PER_FLOAT = 4;
const REGIONS = { state: "state", feed: "input and result", scratch: "working memory" } as const;

/** Describes a plan: buffers and calls of its training step, and the sizes of its memory. */
export function describePlan({ state, training: [step], prediction }: Plan, name: string): string {
  const costs = costsOf(step);
  const total = (of: "flops" | "bytes"): number => costs.reduce((sum, cost) => sum + cost[of], 0);
  const bytes = (floats: number): string => formatBytes(BYTES_PER_FLOAT * floats);
  return [
    `Plan of ${name}: a training step of ${step.batch} beats`,
    "",
    formatTable(["Call", "Layer", "Sizes", "MFLOP>", "Memory>"], callRows(step, costs)),
    "",
    formatTable(["Buffer", "Place", "Offset>", "Size>"], bufferRows(step)),
    "",
    `${step.calls.length} calls, ${megaflops(total("flops"))} MFLOP, ${formatBytes(total("bytes"))} read and written.`,
    `Memory: ${bytes(state.floats)} for weights, gradients and optimizer; ${bytes(step.scratchFloats)} working memory,`,
    `${bytes(liveFloats(step))} if no buffers shared it; ${bytes(step.feedFloats)} for a batch.`,
    `Prediction of ${prediction.batch} beats: ${prediction.calls.length} calls, ${bytes(prediction.scratchFloats)} working memory.`,
  ].join("\n");
}

function callRows({ calls }: TrainingProgram, costs: ReturnType<typeof costsOf>): string[][] {
  return calls.map(({ kernel, layer, integers }, i) => [
    kernel,
    layer,
    kernels[kernel].integers
      .map((name, k) => `${name} ${name === "activation" ? activations[integers[k]] : integers[k]}`)
      .join(", "),
    megaflops(costs[i].flops),
    formatBytes(costs[i].bytes),
  ]);
}

function bufferRows({ buffers }: TrainingProgram): string[][] {
  return buffers.map(({ name, region, offset, floats }) => [
    name,
    REGIONS[region],
    (BYTES_PER_FLOAT * offset).toLocaleString("en-US"),
    formatBytes(BYTES_PER_FLOAT * floats),
  ]);
}

function megaflops(flops: number): string {
  return (flops / 1e6).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function liveFloats({ buffers }: Program): number {
  return buffers.filter(({ region }) => region === "scratch").reduce((sum, { floats }) => sum + floats, 0);
}
