import { describe, expect, it } from "vitest";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import ChoiceField from "./choice-field.vue";

const options = [
  { value: "adam", label: "Adam" },
  { value: "sgd", label: "SGD" },
  { value: "lion", label: "Lion", disabled: true },
];
const mountField = (props: Record<string, unknown> = {}): Promise<Mounted> =>
  mountComponent(ChoiceField, { props: { label: "Optimizer", options, modelValue: "sgd", ...props } });

describe("choice field", () => {
  it("shows its options in order, with the model's one selected and the disabled one disabled", async () => {
    const { wrapper } = await mountField();
    const { element } = wrapper.get("select");
    expect([...element.options].map(({ text }) => text)).toEqual(["Adam", "SGD", "Lion"]);
    expect(element.selectedIndex).toBe(1);
    expect([...element.options].map(({ disabled }) => disabled)).toEqual([false, false, true]);
  });

  it("connects its label and its hint with the list", async () => {
    const { wrapper } = await mountField({ hint: "Keras' defaults." });
    const { element } = wrapper.get("select");
    expect(element.labels?.[0]?.textContent).toBe("Optimizer");
    expect(wrapper.get(`[id="${element.getAttribute("aria-describedby")}"]`).text()).toBe("Keras' defaults.");
  });

  it("keeps a hidden label for screen readers", async () => {
    const { wrapper } = await mountField({ labelHidden: true });
    expect(wrapper.get("label").classes()).toContain("visually-hidden");
    expect(wrapper.get("label").text()).toBe("Optimizer");
  });

  it("emits the value of the chosen option, a number as a number", async () => {
    const sizes = [64, 128].map((value) => ({ value, label: `${value} beats` }));
    const { wrapper, emitted } = await mountField({ options: sizes, modelValue: 64 });
    const select = wrapper.get("select");
    select.element.selectedIndex = 1;
    await select.trigger("change");
    expect(emitted("update:modelValue")).toEqual([128]);
  });

  it("follows its model", async () => {
    const { wrapper } = await mountField();
    await wrapper.setProps({ modelValue: "adam" });
    expect(wrapper.get("select").element.selectedIndex).toBe(0);
  });
});
