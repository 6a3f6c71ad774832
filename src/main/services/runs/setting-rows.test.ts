import { expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { chosenSettingRows, settingRows } from "./setting-rows.ts";

const details = (settings: Partial<TrainingSettings>): RunDetails =>
  ({
    run: { settings: { ...defaultTraining("cnn"), ...settings } },
    preparation: { settings: defaultPreparation("intra-patient") },
    dataset: { name: "MIT-BIH" },
  }) as RunDetails;
const threadsOf = (rows: ReturnType<typeof settingRows>): unknown =>
  rows.find(({ name }) => name === "training.threads")?.values;

it("does not count settings that were chosen for the machine as a difference, and keeps chosen ones", () => {
  const runs = [
    details({ threads: 2, tuned: ["threads"] }),
    details({ threads: 4, tuned: ["threads"] }),
    details({ threads: 4 }),
  ];
  expect(threadsOf(chosenSettingRows(runs))).toEqual(["auto", "auto", "4"]);
  // Tables have the numbers that were used.
  expect(threadsOf(settingRows(runs))).toEqual(["2", "4", "4"]);
  expect(settingRows(runs).map(({ name }) => name)).not.toContain("training.tuned");
});
