import { describe, expect, it } from "vitest";
import {
  evaluationOf,
  exampleEvaluation,
  exampleIntervals,
  exampleLabels,
  intervalsOf,
} from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import ClassTable from "./class-table.vue";

const mountTable = (
  evaluation = exampleEvaluation,
  intervals = exampleIntervals,
  curves: Record<string, unknown> = {},
): Promise<Mounted> => mountComponent(ClassTable, { props: { evaluation, intervals, set: "test", ...curves } });
const row = ({ wrapper }: Mounted, index: number): string[] =>
  wrapper
    .findAll("tbody tr")
    [index].findAll("td")
    .map((cell) => cell.text().replaceAll(/\s+/g, " "));

describe("class table", () => {
  it("has a row for each class, headed by its label", async () => {
    const { wrapper } = await mountTable();
    expect(wrapper.findAll('tbody th[scope="row"]').map((head) => head.text())).toEqual(exampleLabels);
    expect(wrapper.findAll('thead th[scope="col"]')).toHaveLength(6);
    expect(wrapper.get("caption").text()).toContain("test");
  });

  it("shows sensitivity and PPV in % with their intervals, specificity, F1 and the number of beats", async () => {
    const table = await mountTable();
    // V: 3,102 of 3,220 beats found; 3,787 predicted as V, 685 of them among the 44,304 other beats.
    expect(row(table, 2)).toEqual(["96.34 % (95.34–97.34)", "81.91 % (80.91–82.91)", "98.45 %", "88.54 %", "3,220"]);
  });

  it("shows a dash, not 0 %, for a class that does not occur and is never predicted", async () => {
    const table = await mountTable();
    expect(row(table, 4)).toEqual(["–", "–", "100.00 %", "–", "0"]);
  });

  it("shows shares of few beats in the same format", async () => {
    const few = evaluationOf(
      [
        [8, 2],
        [1, 9],
      ],
      ["N", "V"],
    );
    const table = await mountTable(few, intervalsOf(few));
    expect(row(table, 0)).toEqual(["80.00 % (79.00–81.00)", "88.89 % (87.89–89.89)", "90.00 %", "84.21 %", "10"]);
  });

  it("ends with the macro average and the accuracy over all beats", async () => {
    const { wrapper } = await mountTable();
    const feet = wrapper.findAll("tfoot tr").map((foot) => foot.findAll("td").map((cell) => cell.text()));
    // Macro F1 is the mean of 98.15, 63.61, 88.54 and 43.72 %: Q does not count. Accuracy: 45,557 of 47,524 beats.
    expect(feet).toEqual([
      ["", "73.50 %", "47,524"],
      ["", "95.86 %", ""],
    ]);
  });

  it("adds AUROC and average precision of the test set, with a mark until they are computed", async () => {
    const area = (rocArea: number, averagePrecision: number): object => ({ rocArea, averagePrecision });
    const curves = {
      perClass: [area(0.98, 0.99), area(0.9, 0.6), area(0.99123, 0.9), area(0.8, 0.3), area(NaN, NaN)],
      averages: { macroRocArea: 0.9175, macroAveragePrecision: 0.6975 },
    };
    const table = await mountTable(exampleEvaluation, exampleIntervals, { curves: null });
    expect(row(table, 2).slice(4)).toEqual(["…", "…", "3,220"]);
    await table.wrapper.setProps({ curves });
    expect(row(table, 2).slice(4)).toEqual(["99.12 %", "90.00 %", "3,220"]);
    expect(row(table, 4).slice(4)).toEqual(["–", "–", "0"]);
    expect(table.wrapper.get("tfoot tr").text()).toContain("91.75 %");
  });
});
