/** Turns a program of a plan into dispatches on a GPU. It is pure: nothing here needs a GPU. */
import { kernels, type KernelArguments, type KernelName } from "../../plan/kernels.ts";
import type { KernelCall, Program } from "../../plan/plan.ts";
import { accessesOf } from "../../plan/program-builder.ts";
import { DispatchList, type Dispatch, type Slot } from "./dispatch-list.ts";
import { gpuKernels } from "./gpu-kernels.ts";

export interface CompiledProgram {
  dispatches: Dispatch[];
  /** WGSL. */
  shaders: string[];
  /** UNIFORM_WORDS of each dispatch. */
  uniforms: Uint32Array<ArrayBuffer>;
  /** Feed of a step, and scratch memory with the workspace of the kernels, in floats. */
  feedFloats: number;
  scratchFloats: number;
  /** Buffers of the feed that the program writes. */
  results: { offset: number; floats: number }[];
}

export function compileProgram(program: Program): CompiledProgram {
  const list = new DispatchList(program.scratchFloats);
  for (const call of program.calls) {
    list.beginCall();
    addCall(call, call.kernel, program, list);
  }
  return {
    dispatches: list.dispatches,
    shaders: list.shaders,
    uniforms: list.uniforms,
    feedFloats: program.feedFloats,
    scratchFloats: list.scratchFloats,
    results: resultsOf(program),
  };
}

function addCall<Name extends KernelName>(call: KernelCall, name: Name, program: Program, list: DispatchList): void {
  const { buffers, integers, reals } = kernels[name];
  const slotOf = (index: number): Slot | null => (index < 0 ? null : program.buffers[index]);
  const args = Object.fromEntries([
    ...Object.keys(buffers).map((each, i) => [each, slotOf(call.buffers[i])]),
    ...integers.map((each, i) => [each, call.integers[i]]),
    ...reals.map((each, i) => [each, call.reals[i]]),
  ]) as KernelArguments<Name, Slot>;
  gpuKernels[name](args, list);
}

function resultsOf({ buffers, calls }: Program): CompiledProgram["results"] {
  const written = new Set<number>();
  for (const call of calls) {
    accessesOf(call).forEach((access, i) => {
      if (!access.startsWith("read")) written.add(call.buffers[i]);
    });
  }
  return buffers.filter(({ region }, i) => region === "feed" && written.has(i));
}
