import { defineComponent, h, type VNode } from "vue";
import { describe, expect, it } from "vitest";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import RadioList from "./radio-list.vue";

const options = [
  { value: "intra-patient", label: "Intra-patient" },
  { value: "inter-patient", label: "Inter-patient" },
  { value: "cross-validation", label: "Cross-validation" },
];
const mountList = (modelValue = "inter-patient"): Promise<Mounted> =>
  mountComponent(RadioList, { props: { label: "Protocol", options, modelValue } });

describe("radio list", () => {
  it("is a group with its label as the legend, and one labelled radio button for each option", async () => {
    const { wrapper } = await mountList();
    expect(wrapper.get("fieldset > legend").text()).toBe("Protocol");
    const radios = wrapper.findAll<HTMLInputElement>('input[type="radio"]').map(({ element }) => element);
    expect(radios.map(({ labels }) => labels?.[0]?.textContent.trim())).toEqual(options.map(({ label }) => label));
    expect(radios.map(({ checked }) => checked)).toEqual([false, true, false]);
  });

  it("shows the hint of an option with its label", async () => {
    const hinted = options.map((option) => ({ ...option, hint: `About ${option.value}.` }));
    const { wrapper } = await mountComponent(RadioList, {
      props: { label: "Protocol", options: hinted, modelValue: "inter-patient" },
    });
    expect(wrapper.findAll("label")[1].text()).toContain("About inter-patient.");
  });

  it("emits the option that is chosen, and marks it alone", async () => {
    const { wrapper, emitted } = await mountList();
    await wrapper.findAll("input")[2].setValue(true);
    expect(emitted("update:modelValue")).toEqual(["cross-validation"]);
    expect(wrapper.findAll("label").map((label) => label.classes("chosen"))).toEqual([false, false, true]);
  });

  it("groups its radio buttons by a name that no other list shares", async () => {
    const pair = (): VNode[] =>
      [1, 2].map((key) => h(RadioList, { key, label: "Protocol", options, modelValue: "intra-patient" }));
    const { wrapper } = await mountComponent(defineComponent({ render: pair }));
    const names = wrapper.findAll("input").map((input) => input.attributes("name"));
    expect(names).toHaveLength(6);
    expect(new Set(names.slice(0, 3)).size).toBe(1);
    expect(new Set(names).size).toBe(2);
  });
});
