import { expect, it } from "vitest";
import { mountComponent } from "../../testing/mount-component.ts";
import SplitAssignment from "./split-assignment.vue";

const records = [
  { name: "100", patient: null },
  { name: "201", patient: "7" },
  { name: "202", patient: "7" },
];
const mount = () => mountComponent(SplitAssignment, { props: { records, modelValue: { validation: [], test: [] } } });

it("moves a patient with all recordings by the arrow keys, and says so", async () => {
  const { wrapper, emitted } = await mount();
  const patient = () => wrapper.get("[data-patient='201 202']");
  await patient().trigger("keydown", { key: "ArrowRight" });
  await wrapper.vm.$nextTick();
  expect(emitted("update:modelValue").at(-1)).toEqual({ validation: ["201", "202"], test: [] });
  expect(wrapper.get("[role=status]").text()).toBe("201 202: Validation set");
  expect(document.activeElement?.textContent?.trim()).toBe("201 202");
  await patient().trigger("keydown", { key: "ArrowRight" });
  expect(emitted("update:modelValue").at(-1)).toEqual({ validation: [], test: ["201", "202"] });
  await patient().trigger("keydown", { key: "ArrowRight" });
  expect(emitted("update:modelValue")).toHaveLength(2);
});

it("moves a patient by dragging", async () => {
  const { wrapper, emitted } = await mount();
  await wrapper.get("[data-patient='100']").trigger("dragstart");
  await wrapper.get("[aria-label='Test set']").trigger("drop");
  expect(emitted("update:modelValue").at(-1)).toEqual({ validation: [], test: ["100"] });
});
