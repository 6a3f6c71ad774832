/** Annotations of a classified recording, and their counts. */
import type { SetAnnotation } from "../../../contract/domain/annotation-sets.ts";
import type { ClassifiedRecording } from "../../../contract/domain/classification.ts";
import { isHeartbeat } from "../../../contract/domain/class-maps.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { UNCLASSIFIED_SYMBOL } from "../../../pipeline/beats/class-symbols.ts";
import type { ClassifiedBeats } from "../../store/classifications.ts";

/** Symbol of changes of the signal quality, which the set keeps. */
const QUALITY_SYMBOL = "~";

export interface ClassifiedInput {
  /** Annotations that the R-peaks come from, in order of time. */
  parent: readonly Annotation[];
  beats: ClassifiedBeats;
  /** Symbol of each class. */
  symbols: readonly string[];
  /** Beats with a lower probability are unsure. */
  threshold: number;
}

/**
 * Returns the annotations of the classified set: each heartbeat of the parent once, with its class, or as
 * {@link UNCLASSIFIED_SYMBOL} where it has none; and the parent's marks of the signal quality.
 */
export function classifiedAnnotations({ parent, beats, symbols, threshold }: ClassifiedInput): SetAnnotation[] {
  const annotations: SetAnnotation[] = [];
  let row = 0;
  for (const { sample, symbol, subtype } of parent) {
    if (symbol === QUALITY_SYMBOL) annotations.push(annotation(sample, symbol, subtype));
    if (!isHeartbeat(symbol)) continue;
    if (row < beats.samples.length && beats.samples[row] === sample) {
      const probability = beats.probabilities[row];
      annotations.push({
        ...annotation(sample, symbols[beats.classes[row]]),
        probability,
        unsure: probability < threshold,
        unlike: beats.unlike[row] === 1,
      });
      row++;
    } else {
      annotations.push(annotation(sample, UNCLASSIFIED_SYMBOL));
    }
  }
  return annotations;
}

/** Counts the beats of a classified recording. */
export function countSet(
  record: string,
  annotations: readonly SetAnnotation[],
  symbols: readonly string[],
): ClassifiedRecording {
  const counts = symbols.map(() => 0);
  const counted: ClassifiedRecording = { record, counts, unsure: 0, unlike: 0, unclassified: 0 };
  for (const { symbol, probability, unsure, unlike } of annotations) {
    if (symbol === QUALITY_SYMBOL) continue;
    if (probability === undefined) {
      counted.unclassified++;
      continue;
    }
    counts[symbols.indexOf(symbol)]++;
    counted.unsure += Number(unsure);
    counted.unlike += Number(unlike);
  }
  return counted;
}

function annotation(sample: number, symbol: string, subtype = 0): Annotation {
  return { sample, symbol, subtype, channel: 0, num: 0, aux: "" };
}
