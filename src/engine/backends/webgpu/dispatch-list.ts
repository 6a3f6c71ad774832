/**
 * Collects the dispatches of a program: shaders in WGSL, numbers of their uniforms, and sizes of their grids.
 *
 * The three memories of a plan are bound whole, because a buffer of a plan need not begin where WebGPU lets a binding
 * begin. A shader gets the position of each buffer among its uniforms, and functions that read and write it. So shaders do
 * not depend on shapes, and a pipeline serves all calls of a kind.
 */
import type { Region } from "../../plan/plan.ts";

/** Uniforms of a dispatch, 4 bytes each: the largest distance that WebGPU demands between two dispatches. */
export const UNIFORM_WORDS = 64;

/** Position of a buffer in its memory, in floats. */
export interface Slot {
  region: Region;
  offset: number;
}

export type Grid = readonly [x: number, y: number, z: number];

export interface Dispatch {
  /** Index into {@link DispatchList.shaders}. */
  shader: number;
  grid: Grid;
}

export interface DispatchSpec {
  /** Buffers by their names in the shader; null: missing, without functions. */
  buffers: Readonly<Record<string, Slot | null>>;
  /** Uniforms, as `n.name` in the shader. */
  integers?: Readonly<Record<string, number>>;
  reals?: Readonly<Record<string, number>>;
  /** WGSL with an entry point `main`. */
  code: string;
  grid: Grid;
}

export class DispatchList {
  readonly dispatches: Dispatch[] = [];
  readonly #shaders = new Map<string, number>();
  readonly #words: Uint32Array<ArrayBuffer>[] = [];
  readonly #scratchFloats: number;
  #workspaceOfCall = 0;
  #workspace = 0;

  /** @param scratchFloats the plan's scratch memory, after which the workspace lies */
  constructor(scratchFloats: number) {
    this.#scratchFloats = scratchFloats;
  }

  /** Begins a call: the workspace of the call before it is free again. */
  beginCall(): void {
    this.#workspaceOfCall = 0;
  }

  /** Returns memory for values between the dispatches of a call. */
  workspace(floats: number): Slot {
    const offset = this.#scratchFloats + this.#workspaceOfCall;
    this.#workspaceOfCall += floats;
    this.#workspace = Math.max(this.#workspace, this.#workspaceOfCall);
    return { region: "scratch", offset };
  }

  add({ buffers, integers = {}, reals = {}, code, grid }: DispatchSpec): void {
    const present = Object.entries(buffers).filter((entry): entry is [string, Slot] => entry[1] !== null);
    const words = new Uint32Array(UNIFORM_WORDS);
    const floats = new Float32Array(words.buffer);
    const positions = present.map(([, { offset }]) => offset);
    const whole = [...positions, ...Object.values(integers)];
    words.set(whole);
    floats.set(Object.values(reals), whole.length);
    const uniforms = [
      ...present.map(([name]) => `at_${name}: u32,`),
      ...Object.keys(integers).map((name) => `${name}: u32,`),
      ...Object.keys(reals).map((name) => `${name}: f32,`),
    ];
    const text = `${MEMORIES}
struct Numbers {
  ${uniforms.join("\n  ")}
}
@group(0) @binding(3) var<uniform> n: Numbers;
${present.map(([name, { region }]) => functionsOf(name, region)).join("\n")}
${code}`;
    const known = this.#shaders.get(text);
    const shader = known ?? this.#shaders.size;
    if (known === undefined) this.#shaders.set(text, shader);
    this.dispatches.push({ shader, grid });
    this.#words.push(words);
  }

  /** Texts of the shaders. */
  get shaders(): string[] {
    return [...this.#shaders.keys()];
  }

  /** Uniforms: {@link UNIFORM_WORDS} of each dispatch. */
  get uniforms(): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.#words.length * UNIFORM_WORDS);
    this.#words.forEach((words, i) => all.set(words, i * UNIFORM_WORDS));
    return all;
  }

  /** Size of scratch memory and workspace, in floats. */
  get scratchFloats(): number {
    return this.#scratchFloats + this.#workspace;
  }
}

/** Words, not floats: a device may flush small floats to 0, and whole numbers look like these. */
const MEMORIES = `@group(0) @binding(0) var<storage, read_write> memory_state: array<u32>;
@group(0) @binding(1) var<storage, read_write> memory_feed: array<u32>;
@group(0) @binding(2) var<storage, read_write> memory_scratch: array<u32>;`;

const functionsOf = (name: string, region: Region): string => {
  const word = `memory_${region}[n.at_${name} + i]`;
  return `fn ${name}_at(i: u32) -> f32 { return bitcast<f32>(${word}); }
fn ${name}_bits(i: u32) -> u32 { return ${word}; }
fn set_${name}(i: u32, value: f32) { ${word} = bitcast<u32>(value); }
fn set_${name}_bits(i: u32, value: u32) { ${word} = value; }`;
};
