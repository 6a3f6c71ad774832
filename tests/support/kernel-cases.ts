/** Runs single kernels of a plan on a backend, with random buffers: what two backends must agree on. */
import type { Backend } from "../../src/engine/backends/backend.ts";
import { kernels, type KernelArguments, type KernelName } from "../../src/engine/plan/kernels.ts";
import type { Plan, PredictionProgram } from "../../src/engine/plan/plan.ts";
import { ProgramBuilder, type BufferIndex } from "../../src/engine/plan/program-builder.ts";
import { randomStream } from "../../src/pipeline/random.ts";

type Numbers = Readonly<Record<string, number>>;

export interface KernelCase {
  name: string;
  /** Kernels with their integers and reals. Buffers of the same name are the same buffer. */
  calls: readonly (readonly [KernelName, Numbers])[];
}

/** Buffers that backends lay out as they like. */
const PRIVATE: readonly string[] = ["gates", "cells"];

/** Returns what the kernels write. @param larger memory that the plan claims to need */
export function runKernels(
  backend: Backend,
  { calls }: KernelCase,
  larger: { scratchFloats?: number } = {},
): { name: string; values: Float32Array }[] {
  const builder = new ProgramBuilder();
  const known = new Map<string, BufferIndex>();
  const written = new Set<string>();
  for (const [kernel, numbers] of calls) {
    const buffers = Object.entries(kernels[kernel].buffers).map(([name, access]): [string, BufferIndex | null] => {
      // A recurrent layer has either.
      if (name === "dLast" || (name === "cells" && kernel.startsWith("gru"))) return [name, null];
      const index =
        known.get(name) ??
        builder.add(name, floatsOf(name, kernel, numbers), PRIVATE.includes(name) ? "scratch" : "feed");
      known.set(name, index);
      if (!access.startsWith("read") && !PRIVATE.includes(name)) written.add(name);
      return [name, index];
    });
    builder.call(kernel, { ...Object.fromEntries(buffers), ...numbers } as KernelArguments<KernelName, BufferIndex>);
  }
  const sizes = builder.place();
  const program: PredictionProgram = {
    buffers: builder.buffers,
    calls: builder.calls,
    ...sizes,
    scratchFloats: larger.scratchFloats ?? Math.max(16, sizes.scratchFloats),
    batch: 1,
    inputs: [0],
    probabilities: 0,
  };
  const state = { floats: 16, weights: [], trainableFloats: 0, slots: [], gradients: 0, constants: [] };
  const plan: Plan = { state, training: [], prediction: program, explanations: [] };
  const loaded = backend.load(plan, 1);
  const { feed } = loaded.memory;
  const random = randomStream(5, "kernels");
  for (const { name, region, offset, floats } of program.buffers) {
    if (region !== "feed") continue;
    // Variances are not below 0.
    for (let i = 0; i < floats; i++) feed[offset + i] = /variance/i.test(name) ? random.uniform() : random.normal();
  }
  loaded.run(program, 1);
  const results = program.buffers
    .filter(({ name }) => written.has(name))
    .map(({ name, offset, floats }) => ({ name, values: feed.slice(offset, offset + floats) }));
  loaded.close();
  return results;
}

/** Returns the size of a buffer, in floats. */
function floatsOf(name: string, kernel: KernelName, n: Numbers): number {
  if (name === "numbers") return 5;
  const recurrent = /^(lstm|gru)/.test(kernel);
  if (recurrent) {
    const columns = kernel.startsWith("lstm") ? 4 : 3;
    const padded = Math.ceil(n["units"] / 16) * 16;
    const rows = n["time"] * n["batch"];
    const sizes: Numbers = {
      x: rows * n["in"],
      dx: rows * n["in"],
      kernel: n["in"] * columns * n["units"],
      dKernel: n["in"] * columns * n["units"],
      recurrentKernel: n["units"] * columns * n["units"],
      dRecurrentKernel: n["units"] * columns * n["units"],
      bias: (columns === 4 ? 4 : 6) * n["units"],
      dBias: (columns === 4 ? 4 : 6) * n["units"],
      sequence: rows * n["units"],
      dSequence: rows * n["units"],
      last: n["batch"] * n["units"],
      gates: rows * 4 * padded,
      cells: rows * padded,
    };
    return sizes[name];
  }
  if (kernel.startsWith("dense")) {
    const sizes: Numbers = {
      x: n["rows"] * n["in"],
      dx: n["rows"] * n["in"],
      y: n["rows"] * n["out"],
      d: n["rows"] * n["out"],
      kernel: n["in"] * n["out"],
      dKernel: n["in"] * n["out"],
      bias: n["out"],
      dBias: n["out"],
    };
    return sizes[name];
  }
  if (kernel.startsWith("conv1d")) {
    const sizes: Numbers = {
      x: n["batch"] * n["time"] * n["in"],
      dx: n["batch"] * n["time"] * n["in"],
      y: n["batch"] * n["outTime"] * n["out"],
      dy: n["batch"] * n["outTime"] * n["out"],
      kernel: n["taps"] * n["in"] * n["out"],
      dKernel: n["taps"] * n["in"] * n["out"],
      bias: n["out"],
      dBias: n["out"],
    };
    return sizes[name];
  }
  const rows = n["rows"] ?? n["batch"] * n["time"];
  const values = n["count"] ?? rows * n["channels"];
  if (name === "statistics") return 2 * n["rows"];
  // Of each channel, of each value after pooling, or of each value.
  if (/^(mean|variance|moving|gamma|beta|dGamma|dBeta)/.test(name)) return n["channels"];
  if (/^(y|dy|chosen)$/.test(name) && n["outTime"] !== undefined) return n["batch"] * n["outTime"] * n["channels"];
  if (name === "dy" && n["pool"] !== undefined) return n["batch"] * Math.floor(n["time"] / n["pool"]) * n["channels"];
  return values;
}
