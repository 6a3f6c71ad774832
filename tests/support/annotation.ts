import type { Annotation } from "../../src/contract/domain/recordings.ts";

/** Makes an annotation without a subtype, a channel, a number and a note. */
export function annotation(sample: number, symbol: string, rest: Partial<Annotation> = {}): Annotation {
  return { sample, symbol, subtype: 0, channel: 0, num: 0, aux: "", ...rest };
}
