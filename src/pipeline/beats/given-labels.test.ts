import { describe, expect, it } from "vitest";
import { REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";
import { givenLabels } from "./given-labels.ts";

const label = (sample: number, symbol: string, flags = 0, subtype = 0): Label => {
  return { sample, symbol, subtype, text: "", flags, probability: null };
};

describe("givenLabels", () => {
  it("leaves out beats that nobody reviewed where only reviewed ones count", () => {
    const labels = [label(10, "N"), label(20, "V", REVIEWED_FLAG), label(25, "+"), label(30, "N", 1)];
    expect([...givenLabels(labels, { reviewedOnly: true }).excluded]).toEqual([
      [10, "unreviewed"],
      [30, "unreviewed"],
    ]);
    expect(givenLabels(labels, { reviewedOnly: false }).excluded.size).toBe(0);
  });

  it("leaves out beats in a stretch that a reviewer marked as noise, and not in noise of the parent", () => {
    const labels = [
      label(5, "~", 0, 3),
      label(10, "N"),
      label(20, "~", REVIEWED_FLAG, 3),
      label(30, "N", REVIEWED_FLAG),
      label(40, "~", REVIEWED_FLAG, 0),
      label(50, "N"),
    ];
    expect([...givenLabels(labels, { reviewedOnly: false }).excluded]).toEqual([[30, "noise"]]);
  });

  it("keeps all annotations, so that RR intervals are those of all beats", () => {
    const { annotations } = givenLabels([label(10, "N"), label(20, "V")], { reviewedOnly: true });
    expect(annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [10, "N"],
      [20, "V"],
    ]);
  });
});
