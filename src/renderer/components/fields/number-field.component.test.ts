import { describe, expect, it } from "vitest";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import NumberField from "./number-field.vue";

const mountField = (props: Record<string, unknown>): Promise<Mounted> =>
  mountComponent(NumberField, { props: { label: "Epochs", modelValue: 15, ...props } });

/** Types a text and leaves the field, which is when it takes a number. */
async function enter({ wrapper }: Mounted, text: string): Promise<void> {
  const input = wrapper.get("input");
  await input.trigger("focus");
  await input.setValue(text);
  await input.trigger("change");
  await input.trigger("blur");
}

const last = ({ emitted }: Mounted): unknown => emitted("update:modelValue").at(-1);

describe("number field", () => {
  it("connects its label and its hint with the input, and shows the unit", async () => {
    const { wrapper } = await mountField({ unit: "ms", hint: "From the R-peak." });
    const input = wrapper.get("input").element;
    expect(input.labels?.[0]?.textContent).toBe("Epochs");
    expect(input.value).toBe("15");
    expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe("From the R-peak.");
    expect(wrapper.text()).toContain("ms");
  });

  it("reads thousands separators and exponents", async () => {
    const thousands = await mountField({});
    await enter(thousands, "50,000");
    expect(last(thousands)).toBe(50_000);
    const exponent = await mountField({ modelValue: 0.001 });
    await enter(exponent, "1e-7");
    expect(last(exponent)).toBe(1e-7);
  });

  it("keeps a small number when the focus passes through", async () => {
    const field = await mountField({ modelValue: 1e-7, min: 1e-12 });
    await field.wrapper.get("input").trigger("focus");
    await field.wrapper.get("input").trigger("blur");
    expect(last(field)).toBeUndefined();
    expect(field.wrapper.get("input").element.value).toBe("1e-7");
  });

  it.each(["", "ten", "1e999"])("keeps its value where %j is entered", async (text) => {
    const field = await mountField({});
    await enter(field, text);
    expect(last(field)).toBeUndefined();
    expect(field.wrapper.get("input").element.value).toBe("15");
  });

  it("limits a number to its range", async () => {
    const field = await mountField({ min: 1, max: 100 });
    await enter(field, "1000");
    expect(last(field)).toBe(100);
    await enter(field, "0");
    expect(last(field)).toBe(1);
  });

  it("rounds to whole numbers only where it takes no fractions", async () => {
    const whole = await mountField({ whole: true });
    await enter(whole, "2.6");
    expect(last(whole)).toBe(3);
    const fraction = await mountField({});
    await enter(fraction, "2.6");
    expect(last(fraction)).toBe(2.6);
  });

  it("counts up and down by the arrow keys", async () => {
    const field = await mountField({ min: 1, max: 16 });
    const input = field.wrapper.get("input");
    await input.trigger("focus");
    await input.trigger("keydown", { key: "ArrowUp" });
    expect(last(field)).toBe(16);
    await input.trigger("keydown", { key: "ArrowUp" });
    expect(last(field)).toBe(16);
    await input.trigger("keydown", { key: "ArrowDown" });
    expect(last(field)).toBe(15);
  });

  it("counts in fractions without the noise of binary numbers", async () => {
    const field = await mountField({ modelValue: 1.1 });
    await field.wrapper.get("input").trigger("focus");
    await field.wrapper.get("input").trigger("keydown", { key: "ArrowDown" });
    expect(last(field)).toBe(0.1);
  });
});
