import { expect, it } from "vitest";
import { preparationSettingTable } from "../../contract/settings/setting-table.ts";
import { settingHelp } from "./setting-help.ts";

it("begins with a small letter, but keeps the capitals of names", () => {
  const { neighbours, beforeMs, threshold } = preparationSettingTable;
  expect([settingHelp(neighbours, 5), settingHelp(beforeMs), settingHelp(threshold, "soft")]).toEqual([
    "SMOTE k: nearest neighbours of a beat that SMOTE interpolates to (default: 5)",
    "window before R-peak (ms): milliseconds before the R-peak",
    "thresholding (default: soft)",
  ]);
});
