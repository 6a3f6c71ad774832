import { expect, it } from "vitest";
import { tokens } from "../../theme/tokens.ts";
import { exampleRun } from "../../testing/examples.ts";
import { runColumns } from "./columns.ts";
import { axisColumns, isLogarithmic, runPoints, scatterOption } from "./runs-scatter.ts";

const column = (key: string): (typeof runColumns)[number] => runColumns.find((each) => each.key === key)!;

it("offers settings and metrics that are numbers as axes, not times and the run's number", () => {
  const keys = axisColumns(runColumns).map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(["rate", "batch", "macrof1", "loss", "seconds"]));
  expect(keys).not.toContain("created");
  expect(keys).not.toContain("run");
  expect(keys).not.toContain("network");
});

it("has a point for each run with both numbers, with the texts of the table", () => {
  const points = runPoints([exampleRun(3), exampleRun(2, { test: null })], column("batch"), column("accuracy"));
  expect(points.map(({ run }) => run)).toEqual([3]);
  expect(points[0].y).toBeCloseTo(95.861, 3);
  expect(points[0].texts[1]).toBe("95.86 %");
});

it("scales positive values of several magnitudes by their logarithm", () => {
  expect(isLogarithmic([1e-4, 1e-2])).toBe(true);
  expect(isLogarithmic([32, 256])).toBe(false);
  expect(isLogarithmic([0, 1000])).toBe(false);
});

it("names the unit of each axis, and ends an axis of percentages at 100 %", () => {
  const [x, y] = [column("seconds"), column("accuracy")];
  const points = [
    { run: 1, x: 10, y: 72, texts: ["10.0 s", "72.00 %"] as [string, string] },
    { run: 2, x: 20, y: 99.6, texts: ["20.0 s", "99.60 %"] as [string, string] },
  ];
  expect(scatterOption({ points, x, y, active: null, tokens: tokens.light })).toMatchObject({
    xAxis: { name: "Training time (s)", axisTick: { show: true } },
    yAxis: { name: "Accuracy (%)", min: 70, max: 100, interval: 10 },
  });
});
