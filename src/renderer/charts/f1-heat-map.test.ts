import { describe, expect, it } from "vitest";
import { contrast } from "../testing/contrast.ts";
import { tokens } from "../theme/tokens.ts";
import { f1Columns, f1HeatMapOption } from "./f1-heat-map.ts";

const epochs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ epoch: i + 1, validationF1: [i / count, 1 - i / count] }));

describe("F1 by class and epoch", () => {
  it("keeps each epoch where there are few, and leaves out epochs without F1", () => {
    expect(f1Columns([{ epoch: 1, validationF1: [] }, ...epochs(2)]).map(({ f1 }) => f1)).toEqual([
      [0, 1],
      [0.5, 0.5],
    ]);
    expect(f1Columns([])).toEqual([]);
  });

  it("averages consecutive epochs where there are many", () => {
    const columns = f1Columns(epochs(1000), 10);
    expect(columns.map(({ epoch }) => epoch)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    // The mean of i / 1000 for i = 0 … 99, and its complement; sums of a hundred terms in double precision.
    expect(columns[0].f1[0]).toBeCloseTo(0.0495, 12);
    expect(columns[0].f1[1]).toBeCloseTo(0.9505, 12);
  });

  it.each(["light", "dark"] as const)("draws an F1 of 0 in a colour that differs from the background, %s", (theme) => {
    const t = tokens[theme];
    const { visualMap } = f1HeatMapOption(f1Columns(epochs(3)), ["N", "V"], t, theme === "dark");
    const [lowest] = (visualMap as { inRange: { color: string[] } }).inRange.color;
    // Visible beside the background; a cell carries no text.
    expect(contrast(lowest, t.surface)).toBeGreaterThan(1.25);
  });

  it("draws a cell for each class of each epoch", () => {
    const option = f1HeatMapOption(f1Columns(epochs(3)), ["N", "V"], tokens.light, false);
    const [series] = option.series as { data: number[][] }[];
    expect(series.data).toHaveLength(6);
    expect(series.data.at(-1)).toEqual([2, 1, 1 - 2 / 3]);
  });
});
