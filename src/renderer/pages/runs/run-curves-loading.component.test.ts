import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { defineComponent, h, ref, type Component } from "vue";
import { useRunCurves } from "../../components/runs/use-run-curves.ts";
import LoadedContent from "../../components/loaded-content.vue";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";

const epoch: EpochMetrics = {
  epoch: 1,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss: 1,
  validationAccuracy: 0.5,
  validationMacroF1: 0.5,
  validationF1: [],
  learningRate: 0.001,
  seconds: 1,
  validationSeconds: 1,
};
const noSteps = { steps: new Int32Array(), losses: new Float32Array(), accuracies: new Float32Array() };

/** Every text that the component has shown, in order. */
function shownTexts(): { component: Component; texts: string[] } {
  const texts: string[] = [];
  const component = defineComponent({
    setup() {
      const { epochs, loading, error, reload } = useRunCurves(ref(1));
      return () => {
        const empty = epochs.value.length === 0;
        texts.push(error.value?.message ?? (loading.value ? "loading" : empty ? "empty" : "curves"));
        return h(
          LoadedContent,
          { name: "the curves", loading: loading.value, empty, error: error.value, retry: reload },
          { default: () => "curves", empty: () => "No curves recorded." },
        );
      };
    },
  });
  return { component, texts };
}

it("does not say that there are no curves before they are shown, however late the answer", async () => {
  const late = Promise.withResolvers<EpochMetrics[]>();
  shell.answer({ "runs.epochs": () => late.promise, "runs.steps": () => ({ ...noSteps, count: 0 }) as never });
  const { component, texts } = shownTexts();
  const { wrapper } = await mountComponent(component);
  expect(wrapper.find('[aria-label="Loading the curves"]').exists()).toBe(true);
  late.resolve([epoch]);
  await flushPromises();
  expect(wrapper.text()).toBe("curves");
  expect(texts).not.toContain("empty");
});

it("says why curves cannot be loaded, and loads them again on request", async () => {
  let fails = true;
  shell.answer({
    "runs.epochs": () => {
      if (fails) throw new EctopyError("damaged-file", "The curves of run 1 are damaged.", "Restore them.");
      return [];
    },
    "runs.steps": () => ({ ...noSteps, count: 0 }) as never,
  });
  const { component } = shownTexts();
  const { wrapper } = await mountComponent(component);
  expect(wrapper.get('[role="alert"]').text()).toContain("The curves of run 1 are damaged.");
  fails = false;
  await wrapper.get("button").trigger("click");
  await flushPromises();
  expect(wrapper.text()).toBe("No curves recorded.");
});
