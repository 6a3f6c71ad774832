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

const mountTable = (evaluation = exampleEvaluation, intervals = exampleIntervals): Promise<Mounted> =>
  mountComponent(ClassTable, { props: { evaluation, intervals, set: "test" } });
const row = ({ wrapper }: Mounted, index: number): string[] =>
  wrapper
    .findAll("tbody tr")
    [index].findAll("td")
    .map((cell) => cell.text().replaceAll(/\s+/g, " "));

describe("class table", () => {
  it("has a row for each class, headed by its label", async () => {
    const { wrapper } = await mountTable();
    expect(wrapper.findAll('tbody th[scope="row"]').map((head) => head.text())).toEqual(exampleLabels);
    expect(wrapper.findAll('thead th[scope="col"]')).toHaveLength(5);
    expect(wrapper.get("caption").text()).toContain("test");
  });

  it("shows sensitivity and PPV in % with their intervals, F1 and the number of beats", async () => {
    const table = await mountTable();
    // V: 3,102 of 3,220 beats found; 3,787 predicted as V.
    expect(row(table, 2)).toEqual(["96.34 % (95.34–97.34)", "81.91 % (80.91–82.91)", "88.54 %", "3,220"]);
  });

  it("shows a dash, not 0 %, for a class that does not occur and is never predicted", async () => {
    const table = await mountTable();
    expect(row(table, 4)).toEqual(["–", "–", "–", "0"]);
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
    expect(row(table, 0)).toEqual(["80.00 % (79.00–81.00)", "88.89 % (87.89–89.89)", "84.21 %", "10"]);
  });

  it("ends with the macro average and the accuracy over all beats", async () => {
    const { wrapper } = await mountTable();
    const feet = wrapper.findAll("tfoot tr").map((foot) => foot.findAll("td").map((cell) => cell.text()));
    // Macro F1 is the mean of 98.15, 63.61, 88.54 and 43.72 %: Q does not count. Accuracy: 45,557 of 47,524 beats.
    expect(feet).toEqual([
      ["", "", "73.50 %", "47,524"],
      ["", "", "95.86 %", ""],
    ]);
  });
});
