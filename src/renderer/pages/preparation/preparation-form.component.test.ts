import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTablePreparation } from "../../../contract/settings/defaults.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import PreparationForm from "./preparation-form.vue";

const mountForm = (settings: Partial<PreparationSettings> = {}): Promise<Mounted> =>
  mountComponent(PreparationForm, {
    props: { records: [], modelValue: { ...defaultPreparation("intra-patient"), ...settings } },
  });

async function enter({ wrapper }: Mounted, label: string, text: string): Promise<string> {
  const name = wrapper.findAll("label").find((each) => each.text() === label)!;
  const input = wrapper.get(`[id="${name.attributes("for")}"]`);
  await input.setValue(text);
  await input.trigger("change");
  return wrapper.get(`[id="${name.attributes("for")}-note"]`).text();
}

describe("preparation form", () => {
  it("keeps the split where nothing is left for training, and says how much is possible", async () => {
    const form = await mountForm({ fractions: [0.3, 0.5, 0.2] });
    expect(await enter(form, "Test split", "60")).toBe(
      "Nothing is left for training: the validation set has 50 %. Enter at most 49 % for the test set.",
    );
    expect(form.emitted("update:modelValue")).toEqual([]);
  });

  it.each([
    ["Decomposition levels", "40", "Enter a whole number from 1 to 20."],
    ["Window before R-peak", "100000", "Enter a number from 1 to 5,000 (ms)."],
    ["Split seed", "1.5", "Enter a whole number from 0 to 4,294,967,295."],
  ])("changes nothing where %s is %s", async (label, text, message) => {
    const form = await mountForm();
    expect(await enter(form, label, text)).toBe(message);
    expect(form.emitted("update:modelValue")).toEqual([]);
  });

  it("offers no filter and no window with rhythm and shape, and can't make synthetic recordings of a split by beats", async () => {
    const alone = await mountForm();
    await alone.wrapper.get('input[value="full"]').setValue();
    const [chosen] = alone.emitted("update:modelValue") as PreparationSettings[];
    const form = await mountForm(chosen);
    const labels = form.wrapper.findAll("label").map((each) => each.text());
    expect(labels).not.toContain("Wavelet denoising");
    expect(labels).not.toContain("Window before R-peak");
    expect(labels).toContain("Channels of each lead");
    const synthetic = form.wrapper.findAll("label").find((each) => each.text().startsWith("Synthetic recordings"))!;
    expect(synthetic.get("input").attributes("disabled")).toBeDefined();
  });

  it("offers another dataset as the test set where there is one", async () => {
    expect((await mountForm()).wrapper.find('input[value="external-test"]').exists()).toBe(false);
    const others = [
      { id: 3, name: "svdb" },
      { id: 5, name: "incartdb" },
    ];
    const settings = defaultPreparation("intra-patient");
    const form = await mountComponent(PreparationForm, { props: { records: [], others, modelValue: settings } });
    await form.wrapper.get('input[value="external-test"]').setValue();
    const [chosen] = form.emitted("update:modelValue") as PreparationSettings[];
    expect(chosen).toMatchObject({ protocol: "external-test", testDataset: { id: 3 }, classMap: "aami" });
    expect(form.wrapper.findAll("label").map((each) => each.text())).toContain("Test dataset");
    await form.wrapper.get('input[value="inter-patient"]').setValue();
    const last = (form.emitted("update:modelValue") as PreparationSettings[]).at(-1);
    expect(last?.testDataset).toBeUndefined();
  });

  it("offers neither leads, window, class maps nor an input recipe for a table of beats", async () => {
    const { wrapper } = await mountComponent(PreparationForm, {
      props: { records: [], modelValue: { ...defaultTablePreparation([]), rowSamples: 187 } },
    });
    expect(wrapper.text()).toContain("187 samples per beat, sampling rate unknown");
    const names = wrapper.findAll("label, legend").map((each) => each.text());
    expect(names).toContain("Wavelet denoising");
    expect(names).not.toContain("Window before R-peak");
    expect(wrapper.find('input[value="full"]').exists()).toBe(false);
    expect(wrapper.find('input[value="aami"]').exists()).toBe(false);
    expect(wrapper.find('input[value="inter-patient"]').exists()).toBe(false);
  });
});
