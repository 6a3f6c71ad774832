import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";
import { exampleRun } from "../../testing/examples.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { runColumns } from "./columns.ts";
import RunsScatter from "./runs-scatter.vue";

// A chart needs a canvas, which the test environment lacks.
vi.mock("vue-echarts", () => ({ default: { render: () => null } }));

const runs = [exampleRun(3, { seconds: 30 }), exampleRun(2, { seconds: 10 }), exampleRun(1, { seconds: 20 })];

it("goes through the points by arrow keys, reads them out, and opens a run by Enter", async () => {
  const { wrapper, router } = await mountComponent(RunsScatter, {
    props: { runs, columns: runColumns, plotted: { x: "seconds", y: "accuracy" } },
  });
  const points = wrapper.get('[aria-label="Points"]');
  const text = (): string => document.getElementById(points.attributes("aria-describedby")!)!.textContent;
  expect(text()).toContain("3 runs");
  const read: string[] = [];
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home"]) {
    await points.trigger("keydown", { key });
    read.push(text());
  }
  expect(read.map((each) => each.slice(0, 5))).toEqual(["Run 2", "Run 1", "Run 2", "Run 3", "Run 3", "Run 2"]);
  expect(read[0]).toBe("Run 2: Training time 10 s, Accuracy 95.86 %");
  await points.trigger("keydown", { key: "Enter" });
  await flushPromises();
  expect(router.currentRoute.value.path).toBe("/runs/2");
});

it("shows the columns that the address names, and sends a choice there", async () => {
  const { wrapper, emitted } = await mountComponent(RunsScatter, {
    props: { runs, columns: runColumns, plotted: { x: "batch", y: "loss" } },
  });
  expect(wrapper.get("h3").text()).toBe("Test loss by batch size");
  await wrapper.findAll("select")[0].setValue("seconds");
  expect(emitted("plot")).toEqual([{ x: "seconds", y: "loss" }]);
});
