/** Reads the settings of a layer of Keras, and refuses what Ectopy lacks. */
import type { Shape } from "../../networks/layer-shapes.ts";
import { UnknownModelError } from "../unknown-model-error.ts";

export type KerasConfig = Readonly<Record<string, unknown>>;

export class KerasSettings {
  readonly className: string;
  readonly config: KerasConfig;
  /** Shape of the layer's first input; null where it has several. */
  readonly input: Shape | null;

  constructor(className: string, config: KerasConfig, input: Shape | null) {
    this.className = className;
    this.config = config;
    this.input = input;
  }

  /** Refuses other values of settings that are fixed in Ectopy. */
  only(expected: KerasConfig): void {
    for (const [key, value] of Object.entries(expected)) {
      if (this.config[key] === undefined || isSame(this.config[key], value)) continue;
      throw this.#refused(key, `, not ${JSON.stringify(value)}`);
    }
  }

  /** Refuses an axis other than the last one, that of the channels. */
  onlyLastAxis(): void {
    const { axis } = this.config;
    const given = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis;
    if ([undefined, -1, this.input?.length ?? -1].includes(given as number | undefined)) return;
    throw this.#refused("axis", "; Ectopy normalizes along the channels");
  }

  /** Returns a whole number of at least `min`, also where Keras has a list of one. */
  size(key: string, min = 1): number {
    const given = this.config[key];
    const value: unknown = Array.isArray(given) ? given[0] : given;
    if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
    throw this.#refused(key);
  }

  /** Returns a number. @param other value where it is missing @param range limits of Ectopy */
  number(key: string, other: number, [min, max]: readonly [number, number]): number {
    const value = numberOr(this.config[key], other);
    if (value >= min && value <= max) return value;
    throw this.#refused(key, `; Ectopy supports ${min} to ${max}`);
  }

  /** Returns whether a setting is on. @param other value where it is missing */
  flag(key: string, other: boolean): boolean {
    const value = this.config[key];
    if (value === undefined || typeof value === "boolean") return value ?? other;
    throw this.#refused(key);
  }

  /** Returns one of the values of a setting; the first where it is missing. */
  choice<Value extends string>(key: string, values: readonly Value[]): Value {
    const value = this.config[key] ?? values[0];
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw this.#refused(key);
  }

  /** Returns the input's size. @throws UnknownModelError for a row */
  sequence(): { length: number; channels: number } {
    const { input } = this;
    if (input?.length === 2) return { length: input[0], channels: input[1] };
    throw new UnknownModelError(`Its ${this.className} has a row as input, not a sequence.`);
  }

  #refused(key: string, more = ""): UnknownModelError {
    return new UnknownModelError(`Its ${this.className} has ${key} ${shown(this.config[key])}${more}.`);
  }
}

/** Keras 2 stores some numbers as arrays of one value. */
function numberOr(value: unknown, other: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const within = (value as { config?: { value?: unknown } } | null | undefined)?.config?.value;
  return typeof within === "number" ? within : other;
}

/** Returns whether two values, or lists of values, are equal. It looks no deeper than `expected` nests. */
function isSame(given: unknown, expected: unknown): boolean {
  if (!Array.isArray(expected)) return given === expected;
  return (
    Array.isArray(given) && given.length === expected.length && expected.every((each, i) => isSame(given[i], each))
  );
}

/** Returns a setting for a message. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
