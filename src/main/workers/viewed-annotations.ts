/** Annotations of a recording by a chosen set, as columns for the viewer. */
import type { SetAnnotation, SetColumns } from "../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { AnnotationColumns } from "../../contract/domain/viewing.ts";
import { fromColumns } from "../../pipeline/recordings/annotation-columns.ts";
import { symbolOfCode } from "../../pipeline/recordings/wfdb/codes.ts";
import { readStoredAnnotations } from "./stored-annotations.ts";
import type { ChosenSet, RecordLocation } from "./viewing-tasks.ts";

/**
 * Returns the annotations of the chosen set in order of time; null: none is chosen.
 * @throws EctopyError `not-found`: the recording has no annotations by the imported annotator; as
 *   `readStoredAnnotations`
 */
export function chosenAnnotations({
  folder,
  name,
  columns,
  imported,
}: RecordLocation & ChosenSet): SetAnnotation[] | null {
  if (columns !== undefined) return fromColumns(columns);
  if (imported === undefined) return null;
  const annotations = readStoredAnnotations({ folder, name, ...imported });
  if (annotations !== null) return annotations;
  throw new EctopyError(
    "not-found",
    `Recording ${name} has no annotations by ${imported.annotator}.`,
    "Choose another annotation set.",
  );
}

/** Returns the annotations from sample `from` to `to` − 1 as the viewer shows them. */
export function viewedColumns(
  given: SetColumns | readonly SetAnnotation[],
  from: number,
  to: number,
): AnnotationColumns {
  return "samples" in given ? ofColumns(given, from, to) : ofAnnotations(given, from, to);
}

/** Makes no object for each annotation: a day has 100,000. */
function ofColumns(
  { samples, codes, probabilities, flags, texts }: SetColumns,
  from: number,
  to: number,
): AnnotationColumns {
  const [first, end] = [indexFrom(samples, from), indexFrom(samples, to)];
  const symbols = Array.from(codes.subarray(first, end), symbolOfCode);
  return {
    ...labelled(Uint32Array.from(samples.subarray(first, end)), symbols),
    texts: symbols.map((_, i) => texts[first + i] ?? ""),
    ...(probabilities && { probabilities: probabilities.slice(first, end) }),
    ...(flags && { flags: flags.slice(first, end) }),
  };
}

function ofAnnotations(annotations: readonly SetAnnotation[], from: number, to: number): AnnotationColumns {
  const shown = annotations.filter(({ sample }) => sample >= from && sample < to);
  const symbols = shown.map(({ symbol }) => symbol);
  return {
    ...labelled(
      Uint32Array.from(shown, ({ sample }) => sample),
      symbols,
    ),
    texts: shown.map(({ aux }) => aux),
  };
}

function labelled(samples: Uint32Array, symbols: string[]): Pick<AnnotationColumns, "samples" | "symbols" | "beats"> {
  return { samples, symbols, beats: Uint8Array.from(symbols, (symbol) => (isHeartbeat(symbol) ? 1 : 0)) };
}

/** Returns the index of the first sample at or after one. */
function indexFrom(samples: Int32Array, sample: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle] < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}
