/** Reads and makes recordings of any format, for tests. */
import type { Annotation } from "../../src/contract/domain/recordings.ts";
import type { RecordingSource, SourceSignal } from "../../src/pipeline/recordings/source.ts";

/** Returns the samples of each signal, and checks that blocks follow each other. */
export function samplesOf(source: RecordingSource): Int32Array[] {
  const all = source.signals.map(({ samplesPerFrame }) => new Int32Array(source.frames * samplesPerFrame));
  let frame = 0;
  for (const { from, samples } of source.blocks()) {
    if (from !== frame) throw new Error(`a block begins at frame ${from}, not ${frame}`);
    for (const [index, each] of samples.entries()) all[index].set(each, from * source.signals[index].samplesPerFrame);
    frame += samples[0].length / source.signals[0].samplesPerFrame;
  }
  if (source.signals.length > 0 && frame !== source.frames) throw new Error(`${frame} frames of ${source.frames}`);
  return all;
}

export interface MadeSource extends Partial<Omit<RecordingSource, "signals" | "blocks">> {
  signals: readonly (Partial<SourceSignal> & { samples: Int32Array })[];
  annotations?: readonly Annotation[];
  /** Frames of a block. */
  blockFrames?: number;
}

/** Makes a source from arrays: 360 Hz, mV, a gain of 200. */
export function makeSource({ signals, annotations = [], blockFrames = 1000, ...rest }: MadeSource): RecordingSource {
  const described = signals.map(({ samples: _, ...signal }, i): SourceSignal => {
    return { lead: ["MLII", "V1", "V5"][i] ?? "", units: "mV", gain: 200, baseline: 0, samplesPerFrame: 1, ...signal };
  });
  const frameRate = rest.frameRate ?? 360;
  const frames = signals.length === 0 ? 0 : signals[0].samples.length / described[0].samplesPerFrame;
  return {
    name: "made",
    format: "made",
    frameRate,
    frames,
    rate: frameRate * Math.max(1, ...described.map(({ samplesPerFrame }) => samplesPerFrame)),
    startsAt: null,
    annotators: annotations.length === 0 ? [] : [{ annotator: "atr", annotations: [...annotations] }],
    comments: [],
    findings: [],
    *blocks() {
      for (let from = 0; from < frames; from += blockFrames) {
        const to = Math.min(frames, from + blockFrames);
        const samples = signals.map(({ samples: all }, i) => {
          const { samplesPerFrame } = described[i];
          return all.subarray(from * samplesPerFrame, to * samplesPerFrame);
        });
        yield { from, samples };
      }
    },
    ...rest,
    signals: described,
  };
}

export function annotation(sample: number, symbol: string, rest: Partial<Annotation> = {}): Annotation {
  return { sample, symbol, subtype: 0, channel: 0, num: 0, aux: "", ...rest };
}
