import { expect, it, vi } from "vitest";
import type { Calibration } from "../../../contract/domain/calibration.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import CalibrationSection from "./calibration-section.vue";

// No canvas in this environment.
vi.mock("vue-echarts", () => ({ default: { render: () => null } }));

const reliability = { bins: [{ low: 0, high: 1, beats: 4, confidence: 0.9, accuracy: 0.75 }], error: 0.15 };
const calibration: Calibration = {
  temperature: 1.5,
  before: reliability,
  after: { ...reliability, error: 0.05 },
  alarms: {
    hours: 2,
    rate: 1,
    points: [{ label: "V", threshold: 0.5, sensitivity: 0.8, ppv: 0.9, perHour: 1 }],
  },
};
const mount = () => mountComponent(CalibrationSection, { props: { run: 3 } });

it("shows the calibration error before and after, and the sensitivity at a rate of false positives", async () => {
  const rates: unknown[] = [];
  shell.answer({
    "runs.calibration": ({ rate }) => {
      rates.push(rate);
      return calibration;
    },
  });
  const { wrapper } = await mount();
  expect(wrapper.text()).toContain("15.00 %; 5.00 % with temperature 1.500, fitted on the validation set.");
  expect(wrapper.get("tbody tr").text()).toMatch(/V\s*80\.00 %\s*90\.00 %\s*1\.00\s*0\.5000/);
  await wrapper.get("input").setValue("6");
  await expect.poll(() => rates).toEqual([1, 6]);
});

it("says that a run of an earlier version has no temperature, and that synthetic beats have no hours", async () => {
  shell.answer({ "runs.calibration": () => ({ ...calibration, temperature: null, after: null, alarms: null }) });
  const { wrapper } = await mount();
  expect(wrapper.text()).toContain("The run has no temperature");
  expect(wrapper.text()).toContain("rates per hour can't be given");
});
