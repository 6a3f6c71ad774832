import { expect, it } from "vitest";
import type { ClassMetricTable } from "../../../contract/domain/runs.ts";
import { exampleRun } from "../../testing/examples.ts";
import { classColumns, classKey, isClassKey, searchesClasses } from "./class-columns.ts";
import { runColumns } from "./columns.ts";
import { filterRuns, parseFilter } from "./filter-runs.ts";
import { addressOfView, viewOfAddress } from "./runs-address.ts";
import { sortRuns } from "./sort-runs.ts";

const table: ClassMetricTable = {
  labels: ["V", "a", "A"],
  run: Int32Array.of(2, 2, 2, 1),
  label: Uint16Array.of(0, 1, 2, 0),
  sensitivity: Float64Array.of(0.8, NaN, 0.5, 0.9),
  ppv: Float64Array.of(0.7, 0, 0.4, 0.6),
  f1: Float64Array.of(0.75, 0, 0.45, 0.72),
};
const columns = [...runColumns, ...classColumns(table)];
const column = (key: string): (typeof columns)[number] => columns.find((each) => each.key === key)!;
const runs = [exampleRun(2), exampleRun(1)];

it("has sensitivity, PPV and F1 of each class in %, and nothing where a class or a run has none", () => {
  expect(column("sensitivity/V").title).toBe("Sensitivity of V");
  expect(runs.map(column("sensitivity/V").text)).toEqual(["80.00 %", "90.00 %"]);
  expect(runs.map(column("ppv/A").text)).toEqual(["40.00 %", "–"]);
  // The class does not occur in the test set.
  expect(column("sensitivity/a").value(runs[0])).toBeNull();
  expect(sortRuns(runs, { column: "f1/V", descending: false }, columns).map(({ id }) => id)).toEqual([1, 2]);
});

it("finds runs by the metric of a class, whose name is case-sensitive", () => {
  const found = (search: string): number[] => filterRuns(runs, parseFilter(search, columns)).map(({ id }) => id);
  expect(found("sensitivity/V>85")).toEqual([1]);
  expect(found("ppv/A>30")).toEqual([2]);
  expect(found("ppv/a>30")).toEqual([]);
  expect(parseFilter("sensitivity/V>0.8", columns).problems).toEqual([
    "Sensitivity of V is in %: write sensitivity/V>80.",
  ]);
  expect(parseFilter("ppv/X>1", columns).problems[0]).toMatch(/^There is no column “ppv\/X”/);
  expect([searchesClasses("cnn PPV/V>1"), searchesClasses("cnn ppv>1")]).toEqual([true, false]);
});

it("keeps columns of classes and a plot in the address, whatever the class is called", () => {
  const key = classKey("ppv", "not N, 50 %");
  expect(key).not.toMatch(/[,\s]/);
  expect(isClassKey(key)).toBe(true);
  const view = {
    search: "",
    sort: { column: "f1//", descending: true },
    columns: ["run", key],
    plot: { x: "sensitivity/V", y: "macrof1" },
  };
  expect(viewOfAddress(addressOfView(view))).toEqual(view);
  expect(viewOfAddress({ plot: "gone,macrof1" })).toEqual({ search: "" });
});
