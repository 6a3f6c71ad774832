/** A recording with some of its leads, chosen by name. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordingSource, SampleBlock } from "./source.ts";

/**
 * Returns a recording with the leads of the given names, in its order; capital and small letters are equal.
 * @param names empty: all leads
 * @throws EctopyError `nothing-usable`: it has none of these leads
 */
export function withLeads(source: RecordingSource, names: readonly string[]): RecordingSource {
  const chosenNames = new Set(names.map(folded));
  const chosen = [...source.signals.keys()].filter((i) => chosenNames.has(folded(source.signals[i].lead)));
  if (names.length === 0 || chosen.length === source.signals.length) return source;
  if (chosen.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      `${source.name} has none of the chosen leads (${names.join(", ")}): it has ${source.signals.map(({ lead }) => lead).join(", ")}.`,
      "Choose another lead, too.",
    );
  }
  const signals = chosen.map((i) => source.signals[i]);
  // Annotations count at the highest rate of the leads.
  const rate = source.frameRate * Math.max(...signals.map(({ samplesPerFrame }) => samplesPerFrame));
  const annotators =
    rate === source.rate
      ? source.annotators
      : source.annotators.map(({ annotator, annotations }) => ({
          annotator,
          annotations: annotations.map((each) => ({ ...each, sample: Math.round((each.sample * rate) / source.rate) })),
        }));
  return {
    ...source,
    rate,
    signals,
    annotators,
    // A getter of the source: it grows while samples are read.
    get findings() {
      return source.findings;
    },
    *blocks(): Iterable<SampleBlock> {
      for (const { from, samples } of source.blocks()) yield { from, samples: chosen.map((i) => samples[i]) };
    },
  };
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}
