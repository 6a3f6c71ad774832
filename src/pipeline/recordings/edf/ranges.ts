/**
 * Digital and physical ranges of a signal in an EDF header.
 *
 * A header gives the line between both by two points, in eight characters each. Any two points of the line do: this
 * chooses points outside of the samples that eight characters express exactly, or best.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";

export interface Range {
  units: string;
  digitalMin: number;
  digitalMax: number;
  physicalMin: number;
  physicalMax: number;
}

/** Points that are tried at each end. */
const CANDIDATES = 4096;
/** Relative error of the gain above which a smaller unit is tried. */
const ACCEPTED_ERROR = 1e-9;
/** Largest accepted relative error of the gain. */
const MAX_ERROR = 1e-4;
const FIELD_WIDTH = 8;
/** Smaller units of a voltage, with their number in it. */
const smallerUnits: Readonly<Record<string, readonly [units: string, factor: number][]>> = {
  V: [
    ["mV", 1e3],
    ["uV", 1e6],
  ],
  mV: [["uV", 1e3]],
};

/**
 * @param signal with the extremes of its samples, which may be infinite where all are missing
 * @throws EctopyError `unsupported` where eight characters can't express the gain
 */
export function rangeOf(
  signal: { gain: number; baseline: number; units: string; lowest: number; highest: number },
  bytesPerSample: 2 | 3,
): Range {
  const { gain, units } = signal;
  const choices: [string, number][] = [[units, 1], ...(smallerUnits[units] ?? [])];
  let best: { range: Range; error: number } | null = null;
  for (const [chosen, factor] of choices) {
    const range = chooseRange({ ...signal, units: chosen, gain: gain / factor }, bytesPerSample);
    const written = (range.digitalMax - range.digitalMin) / (range.physicalMax - range.physicalMin);
    const error = Math.abs((written * factor) / gain - 1);
    if (Number.isFinite(error) && (best === null || error < best.error)) best = { range, error };
    if (error <= ACCEPTED_ERROR) break;
  }
  if (best !== null && best.error <= MAX_ERROR) return best.range;
  throw new EctopyError(
    "unsupported",
    `A gain of ${gain} per ${units === "" ? "unit" : units} with a baseline of ${signal.baseline} does not fit into the ` +
      "eight characters of an EDF header.",
    "Export the recording as CSV.",
  );
}

function chooseRange(
  signal: { gain: number; baseline: number; units: string; lowest: number; highest: number },
  bytesPerSample: 2 | 3,
): Range {
  const { gain, baseline, units, lowest, highest } = signal;
  const least = -(2 ** (8 * bytesPerSample - 1));
  const most = -least - 1;
  const choose = (from: number, step: 1 | -1, isAllowed: (digital: number) => boolean): [number, number] => {
    let best: [number, number] = [from, Number(numberField((from - baseline) / gain))];
    let bestError = Infinity;
    for (let i = 0, digital = from; i < CANDIDATES && isAllowed(digital) && bestError > 0; i++, digital += step) {
      const physical = (digital - baseline) / gain;
      const written = Number(numberField(physical));
      const error = Math.abs(written - physical);
      if (error < bestError) [best, bestError] = [[digital, written], error];
    }
    return best;
  };
  const [digitalMin, physicalMin] = choose(least, 1, (digital) => digital < Math.min(lowest, most - CANDIDATES));
  const [digitalMax, physicalMax] = choose(most, -1, (digital) => digital > Math.max(highest, least + CANDIDATES));
  return { units, digitalMin, digitalMax, physicalMin, physicalMax };
}

/** Returns a number in at most eight characters, without an exponent. */
export function numberField(value: number): string {
  const text = plainText(value);
  if (text.length <= FIELD_WIDTH) return text;
  for (let decimals = FIELD_WIDTH - 2; decimals >= 0; decimals--) {
    const shorter = value.toFixed(decimals);
    if (shorter.length <= FIELD_WIDTH) return shorter;
  }
  // A header has no room for it: the range of the eight characters is its best expression.
  return value < 0 ? "-9999999" : "99999999";
}

function plainText(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toFixed(20) : text;
}
