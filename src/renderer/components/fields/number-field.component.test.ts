import { describe, expect, it } from "vitest";
import { defineComponent, h, nextTick } from "vue";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import { useFieldProblems, type FieldProblems } from "./field-problems.ts";
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

  it.each([
    ["0,01", 0.01],
    ["1e-7", 1e-7],
    ["2.6", 2.6],
  ])("takes %s as it is typed", async (text, value) => {
    const field = await mountField({ modelValue: 1 });
    await enter(field, text);
    expect(last(field)).toBe(value);
  });

  it("shows a small number and a large one in full", async () => {
    const small = await mountField({ modelValue: 1e-7, range: { min: 0, aboveMin: true } });
    expect(small.wrapper.get("input").element.value).toBe("1e-7");
    await small.wrapper.get("input").trigger("focus");
    await small.wrapper.get("input").trigger("blur");
    expect(last(small)).toBeUndefined();
    expect(small.wrapper.find('[role="alert"]').exists()).toBe(false);
    const inline = await mountField({ modelValue: 16_384, inline: true });
    expect(inline.wrapper.get<HTMLElement>(".narrow").element.style.width).toContain("6ch");
  });

  it.each([
    ["", "Enter a whole number from 1 to 100 (epochs)."],
    ["ten", "“ten” is not a number."],
    ["1,000", "“1,000” is ambiguous. Write 1000 without separators."],
    ["1.5", "Enter a whole number from 1 to 100 (epochs)."],
    ["1000", "Enter a whole number from 1 to 100 (epochs)."],
    ["0", "Enter a whole number from 1 to 100 (epochs)."],
  ])("keeps the value and the text where %j is typed, and says what is allowed", async (text, message) => {
    const field = await mountField({ range: { min: 1, max: 100, whole: true }, unit: "epochs" });
    await enter(field, text);
    const input = field.wrapper.get("input").element;
    expect(last(field)).toBeUndefined();
    expect(input.value).toBe(text);
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toContain(message);
    await enter(field, "20");
    expect(last(field)).toBe(20);
    expect(field.wrapper.find('[role="alert"]').exists()).toBe(false);
  });

  it("shows a value from elsewhere that is outside of the range", async () => {
    const field = await mountField({ modelValue: 1_000_000, range: { min: 1, max: 100 } });
    expect(field.wrapper.get('[role="alert"]').text()).toBe("Enter a number from 1 to 100.");
  });

  it("tells its form of a problem, until the form drops what was typed", async () => {
    let problems: FieldProblems | undefined;
    const Form = defineComponent({
      setup() {
        problems = useFieldProblems();
        return () => h(NumberField, { label: "Epochs", modelValue: 15, range: { min: 1, max: 100 } });
      },
    });
    const { wrapper } = await mountComponent(Form);
    await wrapper.get("input").setValue("abc");
    await wrapper.get("input").trigger("change");
    expect(problems?.first.value).toBe("Epochs: “abc” is not a number.");
    problems?.reset();
    await nextTick();
    expect(problems?.first.value).toBe("");
    expect(wrapper.get("input").element.value).toBe("15");
  });

  it("counts up and down by the arrow keys", async () => {
    const field = await mountField({ range: { min: 1, max: 16 } });
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
