/** A plan in the memory of a GPU: uploads feeds, runs blocks of steps, and brings back results and state. */
import { bufferUsage, COMPUTE_STAGE, MAP_READ, type DawnBuffer, type DawnDevice, type DawnPass } from "./dawn.ts";
import type { CompiledProgram } from "./compile-program.ts";
import { UNIFORM_WORDS } from "./dispatch-list.ts";
import type { GpuPlan } from "./protocol.ts";

const FLOAT_BYTES = 4;
/** Positions of dynamic bindings are multiples of this on every device. */
const BINDING_ALIGNMENT = UNIFORM_WORDS * FLOAT_BYTES;

const alignedBytes = (floats: number): number =>
  Math.max(1, Math.ceil((floats * FLOAT_BYTES) / BINDING_ALIGNMENT)) * BINDING_ALIGNMENT;

/** Pipelines of a device, by their WGSL: plans share them. */
export class Pipelines {
  readonly #device: DawnDevice;
  readonly #known = new Map<string, Promise<object>>();
  readonly bindings: object;
  readonly #layout: object;

  constructor(device: DawnDevice) {
    this.#device = device;
    const storage = { type: "storage" };
    const types = [
      storage,
      { ...storage, hasDynamicOffset: true },
      storage,
      { type: "uniform", hasDynamicOffset: true },
    ];
    this.bindings = device.createBindGroupLayout({
      entries: types.map((buffer, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer })),
    });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [this.bindings] });
  }

  get(code: string): Promise<object> {
    const known = this.#known.get(code);
    if (known !== undefined) return known;
    const made = this.#device.createComputePipelineAsync({
      layout: this.#layout,
      compute: { module: this.#device.createShaderModule({ code }), entryPoint: "main" },
    });
    this.#known.set(code, made);
    return made;
  }
}

interface LoadedProgram extends CompiledProgram {
  pipelines: object[];
  bindings: object;
  numbers: DawnBuffer;
  /** Bytes between the feeds of two steps. */
  feedStride: number;
  resultFloats: number;
}

export class DevicePlan {
  readonly #device: DawnDevice;
  readonly #plan: GpuPlan;
  readonly #programs: LoadedProgram[] = [];
  readonly #state: DawnBuffer;
  readonly #feed: DawnBuffer;
  readonly #scratch: DawnBuffer;
  readonly #stateBack: DawnBuffer;
  readonly #resultsBack: DawnBuffer;

  static async load(device: DawnDevice, pipelines: Pipelines, plan: GpuPlan): Promise<DevicePlan> {
    const loaded = new DevicePlan(device, plan);
    for (const program of plan.programs) {
      const compiled = await Promise.all(program.shaders.map((code) => pipelines.get(code)));
      loaded.#add(program, compiled, pipelines.bindings);
    }
    loaded.upload();
    return loaded;
  }

  /** Returns the size of the largest buffer of a plan, in bytes. */
  static largestBuffer(plan: GpuPlan): number {
    const { state, feed, scratch } = sizesOf(plan);
    return Math.max(state, feed, scratch);
  }

  private constructor(device: DawnDevice, plan: GpuPlan) {
    const { storage, copySource, copyTarget, mapRead } = bufferUsage;
    this.#device = device;
    this.#plan = plan;
    const { programs, steps } = plan;
    const sizes = sizesOf(plan);
    const memory = (size: number): DawnBuffer =>
      device.createBuffer({ size, usage: storage | copySource | copyTarget });
    const back = (size: number): DawnBuffer => device.createBuffer({ size, usage: mapRead | copyTarget });
    this.#state = memory(sizes.state);
    this.#feed = memory(sizes.feed);
    this.#scratch = memory(sizes.scratch);
    this.#stateBack = back(plan.state.byteLength);
    this.#resultsBack = back(steps * FLOAT_BYTES * Math.max(...programs.map(resultFloatsOf)));
  }

  #add(program: CompiledProgram, pipelines: object[], layout: object): void {
    const { uniforms, feedFloats } = program;
    const numbers = this.#device.createBuffer({
      size: uniforms.byteLength,
      usage: bufferUsage.uniform | bufferUsage.copyTarget,
    });
    this.#device.queue.writeBuffer(numbers, 0, uniforms);
    const feedStride = alignedBytes(feedFloats);
    const resources = [
      { buffer: this.#state },
      { buffer: this.#feed, size: feedStride },
      { buffer: this.#scratch },
      { buffer: numbers, size: BINDING_ALIGNMENT },
    ];
    const bindings = this.#device.createBindGroup({
      layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    this.#programs.push({
      ...program,
      pipelines,
      bindings,
      numbers,
      feedStride,
      resultFloats: resultFloatsOf(program),
    });
  }

  /** Runs a block of steps as one submission, and reads its results back. */
  async run(index: number, steps: number): Promise<void> {
    const program = this.#programs[index];
    const { feedFloats, feedStride, results, resultFloats } = program;
    const feed = new Float32Array(this.#plan.feed);
    for (let step = 0; step < steps; step++) {
      this.#device.queue.writeBuffer(this.#feed, step * feedStride, feed, step * feedFloats, feedFloats);
    }
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let step = 0; step < steps; step++) addStep(pass, program, step);
    pass.end();
    let to = 0;
    for (let step = 0; step < steps; step++) {
      for (const { offset, floats } of results) {
        const from = step * feedStride + offset * FLOAT_BYTES;
        encoder.copyBufferToBuffer(this.#feed, from, this.#resultsBack, to, floats * FLOAT_BYTES);
        to += floats * FLOAT_BYTES;
      }
    }
    this.#device.queue.submit([encoder.finish()]);
    await read(this.#resultsBack, (bytes) => {
      const all = new Float32Array(bytes, 0, steps * resultFloats);
      let at = 0;
      for (let step = 0; step < steps; step++) {
        for (const { offset, floats } of results) {
          feed.set(all.subarray(at, at + floats), step * feedFloats + offset);
          at += floats;
        }
      }
    });
  }

  upload(): void {
    this.#device.queue.writeBuffer(this.#state, 0, new Float32Array(this.#plan.state));
  }

  async download(): Promise<void> {
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#state, 0, this.#stateBack, 0, this.#plan.state.byteLength);
    this.#device.queue.submit([encoder.finish()]);
    await read(this.#stateBack, (bytes) => new Float32Array(this.#plan.state).set(new Float32Array(bytes)));
  }

  close(): void {
    const numbers = this.#programs.map((program) => program.numbers);
    for (const buffer of [this.#state, this.#feed, this.#scratch, this.#stateBack, this.#resultsBack, ...numbers]) {
      buffer.destroy();
    }
  }
}

/** Returns the sizes of a plan's memories, in bytes. */
function sizesOf({ state, steps, programs }: GpuPlan): { state: number; feed: number; scratch: number } {
  const largest = (of: (program: CompiledProgram) => number): number => Math.max(...programs.map(of));
  return {
    state: alignedBytes(state.byteLength / FLOAT_BYTES),
    feed: steps * largest(({ feedFloats }) => alignedBytes(feedFloats)),
    scratch: largest(({ scratchFloats }) => alignedBytes(scratchFloats)),
  };
}

function resultFloatsOf({ results }: CompiledProgram): number {
  return results.reduce((sum, { floats }) => sum + floats, 0);
}

function addStep(pass: DawnPass, program: LoadedProgram, step: number): void {
  const { dispatches, pipelines, bindings, feedStride } = program;
  dispatches.forEach(({ shader, grid: [x, y, z] }, i) => {
    pass.setPipeline(pipelines[shader]);
    pass.setBindGroup(0, bindings, [step * feedStride, i * BINDING_ALIGNMENT]);
    pass.dispatchWorkgroups(x, y, z);
  });
}

async function read(buffer: DawnBuffer, take: (bytes: ArrayBuffer) => void): Promise<void> {
  await buffer.mapAsync(MAP_READ);
  take(buffer.getMappedRange());
  buffer.unmap();
}
