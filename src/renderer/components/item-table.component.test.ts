import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { h, type Component } from "vue";
import { mountComponent } from "../testing/mount-component.ts";
import { shell } from "../testing/shell.ts";
import ItemTable from "./item-table.vue";

/** A component whose slots are required is no `Component` for the compiler. */
const table: unknown = ItemTable;
const mountTable = () =>
  mountComponent(table as Component, {
    props: {
      label: "Table of preparations",
      kind: "preparations" as const,
      heading: "Preparation",
      items: [
        { id: 2, name: "" },
        { id: 1, name: "First" },
      ],
      textOf: ({ id, name }: { id: number; name: string }) => ({
        title: name || `Preparation ${id}`,
        to: `/preparation/set/${id}`,
        spoken: `preparation ${id}`,
        notice: `Preparation ${id}`,
        next: { to: `/model?preparation=${id}`, label: "Choose a model" },
      }),
    },
    slots: {
      headings: () => h("th", { scope: "col" }, "Beats"),
      cells: ({ item }: { item: { id: number } }) => h("td", `${item.id}0 beats`),
    },
  });

it("shows the link, the columns and the next step of each item", async () => {
  const { wrapper } = await mountTable();
  const [heads, ...rows] = wrapper.findAll("tr");
  expect(heads.findAll("th").map((each) => each.text())).toEqual(["Preparation", "Beats", "Next", "Remove"]);
  expect(rows.map((row) => row.findAll("td")[1].text())).toEqual(["20 beats", "10 beats"]);
  expect(rows.map((row) => row.find("a").attributes("href"))).toEqual(["/preparation/set/2", "/preparation/set/1"]);
  // A line never begins with the arrow.
  expect(rows[0].findAll("a")[1].text()).toBe("Choose a model\u00a0→");
});

it("removes the item of the row", async () => {
  shell.answer({ "preparations.remove": () => null });
  const { wrapper } = await mountTable();
  await wrapper.find("[aria-label='Remove preparation 1']").trigger("click");
  await flushPromises();
  expect(shell.calls.filter(({ name }) => name === "preparations.remove")).toMatchObject([
    { args: { preparation: 1 } },
  ]);
});
