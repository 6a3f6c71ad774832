/** Recordings in the formats of other programs: each is a source with sound blocks, or is refused. */
import { annotationBytes, makeEdf } from "../../../../tests/support/edf-files.ts";
import { annotation, makeSource } from "../../../../tests/support/sources.ts";
import { openEdf } from "../../../../src/pipeline/recordings/edf/source.ts";
import { writeEdf } from "../../../../src/pipeline/recordings/edf/write-edf.ts";
import type { RecordingSource } from "../../../../src/pipeline/recordings/source.ts";
import { check, checkFinite, MANY_INPUTS, type Target } from "../target.ts";

const LATEST_SAMPLE = 2 ** 31 - 1;
/** Blocks that are read: gaps of a month have thousands. */
const MAX_BLOCKS = 200;
/** Samples that a block may have beside those of the input, as 65,536 in each of two signals. */
const MAX_BLOCK_SAMPLES = 1 << 18;

/** @param bytes bytes of the input */
function checkSource(source: RecordingSource, bytes: number): void {
  const { name, frameRate, frames, rate, startsAt, signals, annotators, comments, findings } = source;
  check(/^[\w-]{1,100}$/.test(name), `the name ${name}`);
  checkFinite("the source", [frameRate, frames, rate]);
  check(frameRate > 0 && rate > 0 && Number.isInteger(frames) && frames >= 0, `${frames} frames at ${frameRate} Hz`);
  check(startsAt === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(startsAt), `the start ${startsAt}`);
  for (const { gain, baseline, samplesPerFrame } of signals) {
    check(gain !== 0 && Number.isInteger(samplesPerFrame) && samplesPerFrame > 0, "a signal without a gain or samples");
    const extremes = [-(2 ** 23), 2 ** 23].map((sample) => Math.fround((sample - baseline) / gain));
    checkFinite("the physical range", extremes);
  }
  for (const { annotations } of annotators) {
    let previous = 0;
    for (const { sample, symbol, aux } of annotations) {
      check(Number.isInteger(sample) && sample >= previous && sample <= LATEST_SAMPLE, `an annotation at ${sample}`);
      check(symbol.length >= 1 && symbol.length <= 20 && aux.length <= 300, "a text is too long");
      previous = sample;
    }
  }
  check(comments.length <= 100_000, `${comments.length} comments`);
  check(
    findings.length <= 100 && findings.every(({ message }) => message !== "" && message.length < 6000),
    "findings by the hundred, or one that repeats the file",
  );
  let frame = 0;
  let blocks = 0;
  for (const { from, samples } of source.blocks()) {
    check(from === frame, `a block at frame ${from}, after ${frame}`);
    check(samples.length === signals.length, "a block without a signal");
    const count = samples[0].length / signals[0].samplesPerFrame;
    check(Number.isInteger(count) && count > 0, `a block of ${count} frames`);
    for (const [i, each] of samples.entries()) {
      check(each.length === count * signals[i].samplesPerFrame, "signals of different lengths in a block");
    }
    const all = samples.reduce((sum, { length }) => sum + length, 0);
    check(all <= MAX_BLOCK_SAMPLES + 4 * bytes, `a block of ${all} samples`);
    frame += count;
    if (++blocks === MAX_BLOCKS) return;
  }
  check(signals.length === 0 || frame === frames, `${frame} of ${frames} frames`);
}

const edfExamples = [
  makeEdf({
    reserved: "EDF+D",
    signals: [{ samples: 6 }, { label: "V5", samples: 3 }, { label: "EDF Annotations", samples: 40 }],
    data: [0, 1, 5.5].map((start) => [
      [1, -2, 3, 4, 5, -32768],
      [7, 8, 9],
      annotationBytes(start, [
        [start + 0.5, 0, "N", "PVC"],
        [start, 1.5, "Apnea@@V5"],
      ]),
    ]),
  }),
  makeEdf({ isBdf: true, records: "-1", signals: [{ samples: 5 }], data: [[[1, 2, 3, -4, 8388607]]] }),
  Uint8Array.from(
    [
      ...writeEdf(
        makeSource({
          signals: [{ samples: Int32Array.from({ length: 700 }, (_, i) => 100 * Math.sin(i / 9)) }],
          annotations: [annotation(30, "N"), annotation(400, '"', { aux: "a note" })],
        }),
      ).parts(),
    ].flatMap((part) => [...part]),
  ),
];

export const edfTarget: Target = {
  name: "edf",
  inputs: MANY_INPUTS,
  parts: { "r1.edf": "bytes" },
  tokens: [
    ...["EDF+C   ", "EDF+D   ", "BDF+C   ", "EDF Annotations ", "BDF Annotations ", "-1      ", "0       ", "1       "],
    ...[
      "99999999",
      "-32768  ",
      "32767   ",
      "0,1     ",
      "1e-9    ",
      "+0\u0014\u0014\u0000",
      "+1\u00152\u0014N\u0014\u0000",
    ],
    ...["-1\u0014V\u0014\u0000", "+99999999\u0014\u0014\u0000", "Startdate X", "Startdate 02-MAR-2002", "31.12.99"],
  ],
  examples: () => edfExamples.map((bytes) => [bytes]),
  open: () => ({
    read([bytes]) {
      checkSource(openEdf(bytes, "r1.edf"), bytes.length);
    },
  }),
};
