/** The gain at which the trace in view stays in its lanes. Pure. */
import type { Panel } from "./layout.ts";
import { GAINS } from "./scale-steps.ts";
import { coverOf } from "./tile-cover.ts";
import { rangesOf } from "./trace-values.ts";
import type { OpenedRecord } from "./use-record.ts";
import { PIXELS_PER_MM } from "./view.ts";

/** Returns the largest such gain for the loaded samples in view, in mm/mV. @param needed samples and level of the view */
export function gainThatFits(
  { raw, length, middles }: Pick<OpenedRecord, "raw" | "length" | "middles">,
  needed: { from: number; to: number; level: number },
  panels: readonly Panel[],
): number {
  const tiles = coverOf((tile) => raw.get(tile), needed, length);
  const ranges = rangesOf(tiles, needed.from, needed.to);
  const drawn = panels.flatMap(({ lead, top, bottom }) => {
    const range = ranges[lead];
    return range ? [{ ...range, middle: middles[lead], height: (bottom - top) / PIXELS_PER_MM }] : [];
  });
  return fittingGain(drawn, GAINS);
}

/**
 * Returns the largest gain at which every lead stays in its lane; the smallest gain where none does.
 * @param leads range of each drawn lead, value at the middle of its lane, and height of the lane in mm
 * @param gains in mm/mV, ascending
 */
export function fittingGain(
  leads: readonly { lowest: number; highest: number; middle: number; height: number }[],
  gains: readonly number[],
): number {
  const fits = (gain: number): boolean =>
    leads.every(
      ({ lowest, highest, middle, height }) => Math.max(highest - middle, middle - lowest) * gain <= height / 2,
    );
  return gains.findLast(fits) ?? gains[0];
}
