import { describe, expect, it } from "vitest";
import { MARGIN_BEATS, sectionsOf } from "./sections.ts";

const HOUR = 3600 * 360;

/** R-peaks at 75 beats a minute. */
function peaksWithin(from: number, to: number): Int32Array {
  return Int32Array.from({ length: Math.floor((to - from) / 288) }, (_, beat) => from + beat * 288);
}

describe("sections of a recording", () => {
  it("leaves a recording below four hours whole, whatever its R-peaks are", () => {
    const peaks = peaksWithin(100, 3 * HOUR);
    expect(sectionsOf(peaks, 4 * HOUR - 1)).toEqual([
      { beats: [0, peaks.length], read: [0, peaks.length], samples: [0, 4 * HOUR - 1] },
    ]);
  });

  it("gives each beat of a day to one of twelve sections, which also read the beats beside theirs", () => {
    const peaks = peaksWithin(0, 24 * HOUR);
    const sections = sectionsOf(peaks, 24 * HOUR);
    expect(sections).toHaveLength(12);
    expect(sections.map(({ beats: [from] }) => from).slice(1)).toEqual(
      sections.map(({ beats: [, to] }) => to).slice(0, -1),
    );
    expect([sections[0].beats[0], sections[11].beats[1]]).toEqual([0, peaks.length]);
    for (const { beats, read, samples } of sections) {
      expect(read).toEqual([Math.max(0, beats[0] - MARGIN_BEATS), Math.min(peaks.length, beats[1] + MARGIN_BEATS)]);
      expect(samples[0]).toBeLessThanOrEqual(peaks[read[0]]);
      expect(samples[1]).toBeGreaterThan(peaks[read[1] - 1]);
    }
  });

  it("has no section where hours have no R-peaks", () => {
    const peaks = Int32Array.from([...peaksWithin(0, HOUR), ...peaksWithin(9 * HOUR, 10 * HOUR)]);
    const sections = sectionsOf(peaks, 10 * HOUR);
    expect(sections).toHaveLength(2);
    expect(sections.flatMap(({ beats: [from, to] }) => to - from)).toEqual([4500, 4500]);
  });
});
