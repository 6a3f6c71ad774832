/** Features of neighbouring beats, and shares and means over the beats nearby. */
import { neighbourFeatures, neighbourOffsets, windowReaches } from "../../contract/domain/recipe.ts";
import type { BeatRanges } from "./beat-ranges.ts";

/**
 * Returns the features of the neighbours and the window means.
 * @param features of each beat, by name
 * @param overLocalMean ln(RR before / mean of RR within ±30 beats)
 */
export function contextFeatures(
  features: ReadonlyMap<string, Float64Array>,
  overLocalMean: Float64Array,
  ranges: BeatRanges,
): [name: string, values: Float64Array][] {
  const { count, isCausal } = ranges;
  const of = (name: string): Float64Array => {
    const values = features.get(name);
    if (values === undefined) throw new RangeError(`The feature ${name} is not computed.`);
    return values;
  };
  const neighbours = neighbourFeatures.flatMap((name) =>
    neighbourOffsets(isCausal ? "causal" : "full").map((offset): [string, Float64Array] => [
      `${name}${offset > 0 ? "+" : ""}${offset}`,
      Float64Array.from({ length: count }, (_, beat) => of(name)[Math.min(count - 1, Math.max(0, beat + offset))]),
    ]),
  );
  const indicators: [string, Float64Array][] = [
    ["early_local", overLocalMean.map((value) => Number(value < -0.1))],
    ["early_mean", of("rr_before_mean").map((value) => Number(value < -0.1))],
    ["other_qrs", of("qrs_correlation").map((value) => Number(value < 0.8))],
    ["p_nearby_correlation", of("p_nearby_correlation_1")],
  ];
  const windows = indicators.flatMap(([name, values]) =>
    windowReaches.map((reach): [string, Float64Array] => [
      `${name}_w${reach}`,
      ranges.mean(values, ranges.around(reach)),
    ]),
  );
  return [...neighbours, ...windows];
}
