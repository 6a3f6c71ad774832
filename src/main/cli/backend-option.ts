import { Option } from "commander";
import { trainingSettingTable } from "../../contract/settings/setting-table.ts";
import { backendNames, type TrainingSettings } from "../../contract/domain/training.ts";
import { settingHelp } from "./setting-help.ts";

/** Options of a command with {@link backendOption}. */
export interface BackendOption {
  backend: TrainingSettings["backend"];
}

/** Returns `--backend`, which is `auto` by default. */
export function backendOption(): Option {
  const text = settingHelp(trainingSettingTable.backend, "the fastest of this machine");
  return new Option("--backend <name>", text).choices(["auto", ...backendNames]).default("auto");
}
