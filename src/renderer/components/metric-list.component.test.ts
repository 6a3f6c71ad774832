import { expect, it } from "vitest";
import { mountComponent } from "../testing/mount-component.ts";
import MetricList from "./metric-list.vue";

it("explains the names of metrics by the glossary, with or without their set", async () => {
  const metrics = [
    { name: "Accuracy, test", value: "95.86 %" },
    { name: "Macro F1", value: "73.50 %", note: "each class counts equally" },
    { name: "Training time", value: "42 s" },
  ];
  const { wrapper } = await mountComponent(MetricList, { props: { metrics } });
  expect(wrapper.findAll(".term").map((term) => term.text())).toEqual(["Accuracy, test", "Macro F1"]);
  expect(wrapper.text()).toContain("42 s");
});
