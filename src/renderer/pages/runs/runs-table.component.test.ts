import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { exampleRun } from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import { runColumns } from "./columns.ts";
import RunsTable from "./runs-table.vue";

const columns = ["run", "network", "status", "accuracy", "tags"].map((key) => runColumns.find((c) => c.key === key)!);
const runs = [
  exampleRun(3, { tags: ["final"] }),
  exampleRun(2, { status: "failed", test: null }),
  exampleRun(1, { test: { loss: 0.4, accuracy: 0.9, macroF1: 0.5, weightedF1: 0.8 } }),
];

async function mountTable(props: Record<string, unknown> = {}): Promise<Mounted> {
  const mounted = await mountComponent(RunsTable, {
    props: { runs, columns, best: new Map(), sort: null, selected: new Set(), ...props },
  });
  // The list shows the rows that fit its height, which a simulated DOM does not compute.
  const scroll = mounted.wrapper.element as HTMLElement;
  Object.defineProperty(scroll, "clientHeight", { value: 400 });
  Object.defineProperty(scroll, "offsetHeight", { value: 400 });
  scroll.dispatchEvent(new Event("scroll"));
  await flushPromises();
  return mounted;
}

const rows = ({ wrapper }: Mounted): string[][] =>
  wrapper.findAll("[data-row]").map((row) =>
    row
      .findAll('[role="cell"]')
      .slice(1, -1)
      .map((cell) => cell.text()),
  );
const heads = ({ wrapper }: Mounted): string[] =>
  wrapper
    .findAll('[role="columnheader"]')
    .slice(1, -1)
    .map((head) => head.attributes("aria-sort") ?? "");
const linkOf = (index: number): string => `[data-row="${index}"] a`;
const focusedRow = (): string | undefined => document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"];

describe("table of runs", () => {
  it("shows a row for each run, in the order given", async () => {
    expect(rows(await mountTable())).toEqual([
      ["3", expect.any(String), "completed", "95.86 %", "final"],
      ["2", expect.any(String), "failed", "–", ""],
      ["1", expect.any(String), "completed", "90.00 %", ""],
    ]);
  });

  it("is a table for screen readers, with its number of rows and columns", async () => {
    const { wrapper } = await mountTable();
    const table = wrapper.get('[role="table"]');
    expect(table.attributes("aria-rowcount")).toBe("4");
    expect(table.attributes("aria-colcount")).toBe("7");
    expect(wrapper.findAll("[data-row]").map((row) => row.attributes("aria-rowindex"))).toEqual(["2", "3", "4"]);
  });

  it("marks the column it is sorted by, and its direction", async () => {
    expect(heads(await mountTable())).toEqual(["none", "none", "none", "none", "none"]);
    const sorted = await mountTable({ sort: { column: "accuracy", descending: true } });
    expect(heads(sorted)).toEqual(["none", "none", "none", "descending", "none"]);
  });

  it("sorts metrics from the highest, then from the lowest, then not at all", async () => {
    const table = await mountTable();
    const press = (): Promise<void> => table.wrapper.findAll('[role="columnheader"] button')[3].trigger("click");
    await press();
    await table.wrapper.setProps({ sort: { column: "accuracy", descending: true } });
    await press();
    await table.wrapper.setProps({ sort: { column: "accuracy", descending: false } });
    await press();
    expect(table.emitted("sort")).toEqual([
      { column: "accuracy", descending: true },
      { column: "accuracy", descending: false },
      null,
    ]);
  });

  it("sorts text from A first", async () => {
    const table = await mountTable();
    await table.wrapper.findAll('[role="columnheader"] button')[1].trigger("click");
    expect(table.emitted("sort")).toEqual([{ column: "network", descending: false }]);
  });

  it("checks the box of a selected run, and the one of all runs halfway", async () => {
    const { wrapper } = await mountTable({ selected: new Set([2]) });
    const boxes = wrapper.findAll<HTMLInputElement>("[data-row] input").map(({ element }) => element.checked);
    expect(boxes).toEqual([false, true, false]);
    const all = wrapper.get<HTMLInputElement>('[role="columnheader"] input').element;
    expect([all.checked, all.indeterminate]).toEqual([false, true]);
  });

  it("checks the box of all runs where all are selected", async () => {
    const { wrapper } = await mountTable({ selected: new Set([1, 2, 3]) });
    const all = wrapper.get<HTMLInputElement>('[role="columnheader"] input').element;
    expect([all.checked, all.indeterminate]).toEqual([true, false]);
  });

  it("emits what is toggled and removed by its number", async () => {
    const table = await mountTable();
    await table.wrapper.get('[data-row="1"] input').trigger("change");
    await table.wrapper.get('[role="columnheader"] input').trigger("change");
    await table.wrapper.get('[data-row="2"] button').trigger("click");
    expect(table.emitted("toggle")).toEqual([2]);
    expect(table.emitted("toggleAll")).toHaveLength(1);
    expect(table.emitted("remove")).toEqual([1]);
  });

  it("moves between rows by arrow keys, Home and End, and stays at the ends", async () => {
    const table = await mountTable();
    const press = (row: number, key: string): Promise<void> =>
      table.wrapper.get(linkOf(row)).trigger("keydown", { key });
    table.wrapper.get<HTMLElement>(linkOf(0)).element.focus();
    await press(0, "ArrowDown");
    expect(focusedRow()).toBe("1");
    await press(1, "End");
    expect(focusedRow()).toBe("2");
    await press(2, "ArrowDown");
    expect(focusedRow()).toBe("2");
    await press(2, "Home");
    expect(focusedRow()).toBe("0");
  });

  it("toggles the focused run by Space", async () => {
    const table = await mountTable();
    await table.wrapper.get(linkOf(2)).trigger("keydown", { key: " " });
    expect(table.emitted("toggle")).toEqual([1]);
  });

  it("gives all runs from the last toggled one to a click with Shift the same state, in either direction", async () => {
    const table = await mountTable();
    const click = async (row: number, shiftKey: boolean): Promise<void> => {
      const box = table.wrapper.get(`[data-row="${row}"] input`);
      await box.trigger("click", { shiftKey });
    };
    await click(2, false);
    await table.wrapper.setProps({ selected: new Set([1]) });
    await click(0, true);
    expect(table.emitted("toggle")).toEqual([1]);
    expect(table.wrapper.emitted("toggleRange")).toEqual([[[3, 2, 1], true]]);
    await table.wrapper.setProps({ selected: new Set([1, 2, 3]) });
    await table.wrapper.get(linkOf(1)).trigger("keydown", { key: " ", shiftKey: true });
    expect(table.wrapper.emitted("toggleRange")?.[1]).toEqual([[3, 2], false]);
  });

  it("opens a run in the app, and leaves a click with Ctrl to the browser", async () => {
    const table = await mountTable();
    const plain = new MouseEvent("click", { bubbles: true, cancelable: true });
    table.wrapper.get(linkOf(0)).element.dispatchEvent(plain);
    await flushPromises();
    expect(plain.defaultPrevented).toBe(true);
    expect(table.router.currentRoute.value.path).toBe("/runs/3");
    const withCtrl = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    table.wrapper.get(linkOf(1)).element.dispatchEvent(withCtrl);
    await flushPromises();
    expect(withCtrl.defaultPrevented).toBe(false);
    expect(table.router.currentRoute.value.path).toBe("/runs/3");
  });

  it("highlights the best run of a column alone", async () => {
    const { wrapper } = await mountTable({ best: new Map([["accuracy", new Set([3])]]) });
    expect(wrapper.findAll(".best").map((cell) => cell.text())).toEqual(["95.86 %"]);
  });
});
