import { expect, it } from "vitest";
import { defaultPreparation } from "../../../../contract/settings/defaults.ts";
import type { BeatExplanation } from "../../../../contract/domain/explanations.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { shell } from "../../../testing/shell.ts";
import WhyBeat from "./beat-explanation.vue";

const beat = {
  number: 4,
  record: "100",
  sample: 1000,
  rate: 360,
  beatRate: 360,
  truth: 0,
  predicted: 1,
  confidence: 0.9,
  probabilityOfTruth: 0.1,
  towards: null,
  values: Float32Array.of(0, 1, 0),
};
const answer: BeatExplanation = {
  label: 1,
  logOdds: { beat: 2.5, baseline: -1 },
  beat: {
    values: Float32Array.of(0, 1, 0),
    channels: 1,
    contributions: Float32Array.of(0, 3, -0.5),
    guided: Float32Array.of(0, 1, 0.2),
    agreement: 0.5,
  },
  features: { names: ["rr_before_mean", "qrs_width"], contributions: Float32Array.of(-0.2, 1.2) },
  neighbours: { before: 1, after: 1, contributions: Float32Array.of(0.1, 0.9, 0) },
};
const mount = (open: boolean) =>
  mountComponent(WhyBeat, {
    props: { run: 3, beat, labels: ["N", "V"], settings: defaultPreparation("intra-patient"), open },
  });

it("asks nothing until it is opened", async () => {
  shell.answer({});
  const { wrapper } = await mount(false);
  expect(wrapper.get("summary").text()).toBe("Why V?");
  expect(wrapper.find("svg").exists()).toBe(false);
});

it("explains the predicted class, and any other on request", async () => {
  const asked: unknown[] = [];
  shell.answer({ "runs.explainBeat": (input: unknown) => (asked.push(input), answer) });
  const { wrapper } = await mount(true);
  expect(asked).toEqual([{ run: 3, number: 4, label: 1 }]);
  expect(wrapper.findAll("rect.for")).toHaveLength(1);
  expect(wrapper.findAll("rect.against")).toHaveLength(1);
  const [features, neighbours] = wrapper.findAll("table");
  expect(features.findAll("tr").map((row) => row.text())).toEqual(["qrs_width+1.20", "rr_before_mean−0.20"]);
  expect(neighbours.findAll("tr").map((row) => row.text())).toEqual(["−1+0.10", "this beat+0.90", "+10.00"]);
  expect(wrapper.text()).toContain("Log odds of V: +2.50; of the mean training beat: −1.00.");
  expect(wrapper.text()).toContain("Rank correlation of both methods: +0.50.");
});
