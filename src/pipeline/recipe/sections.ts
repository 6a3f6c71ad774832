/**
 * Sections of a long recording. Median beat, mean RR interval and other statistics of "the recording" are those of a section:
 * networks learn them on recordings of minutes to hours, over a day they mix sleep and effort, and a day's samples would fill
 * the memory. A recording below four hours is one section.
 */
import { RECIPE_RATE } from "../../contract/domain/recipe.ts";

/** Shortest section of a longer recording, in samples: two hours. */
const SECTION_SAMPLES = 2 * 3600 * RECIPE_RATE;
/** Beats on each side that a section also reads: no feature looks at more beats around its own. */
export const MARGIN_BEATS = 120;
/** Samples beyond the outermost beat: the filter has settled after them. */
const MARGIN_SAMPLES = 10 * RECIPE_RATE;

/** A section: the beats that get their values from it, and what it reads for them. */
export interface Section {
  /** First beat, and the one after the last. */
  beats: readonly [from: number, to: number];
  /** The same with the margin. */
  read: readonly [from: number, to: number];
  /** Samples that it reads. */
  samples: readonly [from: number, to: number];
}

/**
 * Divides a recording into sections of equal duration. They depend on the duration and the R-peaks alone.
 * @param peaks R-peaks in order of time @param length of the leads, both at {@link RECIPE_RATE}
 */
export function sectionsOf(peaks: Int32Array, length: number): Section[] {
  const count = Math.max(1, Math.floor(length / SECTION_SAMPLES));
  if (count === 1) return [{ beats: [0, peaks.length], read: [0, peaks.length], samples: [0, length] }];
  const sections: Section[] = [];
  let from = 0;
  for (let number = 1; number <= count; number++) {
    const end = number === count ? Infinity : (number * length) / count;
    let to = from;
    while (to < peaks.length && peaks[to] < end) to++;
    if (to > from) {
      const read = [Math.max(0, from - MARGIN_BEATS), Math.min(peaks.length, to + MARGIN_BEATS)] as const;
      const samples = [
        Math.max(0, peaks[read[0]] - MARGIN_SAMPLES),
        Math.min(length, peaks[read[1] - 1] + MARGIN_SAMPLES),
      ] as const;
      sections.push({ beats: [from, to], read, samples });
    }
    from = to;
  }
  return sections;
}
