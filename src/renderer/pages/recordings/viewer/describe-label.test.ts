import { expect, it } from "vitest";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { describeLabel } from "./describe-label.ts";

const columns = (
  beats: [sample: number, symbol: string][],
  rest: Partial<AnnotationColumns> = {},
): AnnotationColumns => ({
  samples: Uint32Array.from(beats, ([sample]) => sample),
  symbols: beats.map(([, symbol]) => symbol),
  beats: Uint8Array.from(beats, ([, symbol]) => (symbol === "+" ? 0 : 1)),
  texts: beats.map(() => ""),
  ...rest,
});

const classified = columns(
  [
    [100, "N"],
    [200, "V"],
  ],
  { probabilities: Float32Array.of(Number.NaN, 0.5), flags: Uint8Array.of(0, 3) },
);

it("says the probability of a label, and that it is unsure or unlike the training set", () => {
  expect(describeLabel({ annotations: classified, rate: 100 }, 100)).toEqual([]);
  expect(describeLabel({ annotations: classified, rate: 100 }, 200)).toEqual([
    "probability 50.00 %",
    "unsure",
    "unlike the training set",
  ]);
});

it("says what both sets have within 150 ms", () => {
  const compared = {
    name: "theirs",
    annotations: columns([
      [85, "+"],
      [90, "A"],
      [216, "N"],
    ]),
    disagreements: new Uint32Array(),
    labels: true,
  };
  const record = { annotations: columns([[100, "N"], [200, "V"]]), set: "atr", compared, rate: 100 }; // prettier-ignore
  expect(describeLabel(record, 100)).toEqual(["atr: N", "theirs: A"]);
  expect(describeLabel(record, 200)).toEqual(["atr: V", "theirs: no beat"]);
});
