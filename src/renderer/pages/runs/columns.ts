/** Columns of the table of runs: what each shows, sorts and filters by. */
import { networkOf } from "../../../contract/settings/network-presets.ts";
import {
  protocolName,
  settingValue,
  trainingSettingTable,
  type TrainingSettingKey,
} from "../../../contract/settings/setting-table.ts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { runStatusText, type TrainingSettings } from "../../../contract/domain/training.ts";
import { formatDuration, formatInteger, formatMetric, formatTime, NONE } from "../../base/format.ts";

export interface RunColumn {
  key: string;
  title: string;
  /** In pixels. A column of text also takes a share of the remaining width. */
  width: number;
  /** Whether the column is right-aligned and sorted from the highest value first. */
  numeric: boolean;
  /** In the unit that is shown (percent, seconds); null before the run has one. */
  value: (run: RunOverview) => string | number | null;
  text: (run: RunOverview) => string;
  /** False: the search can't compare its values as numbers. */
  comparable?: false;
  /** Whether the number is a percentage. */
  percent?: true;
  /** Which value is the best; the table highlights the best run of each protocol. */
  best?: "highest" | "lowest";
  /** Whether the column is shown before the user chooses columns. */
  byDefault: boolean;
}

const textColumn = (
  key: string,
  title: string,
  width: number,
  value: (run: RunOverview) => string,
  byDefault = true,
): RunColumn => ({
  key,
  title,
  width,
  numeric: false,
  value,
  text: value,
  byDefault,
});

const numberColumn = (
  key: string,
  title: string,
  width: number,
  value: (run: RunOverview) => number | null,
  format: (value: number) => string,
  options: Partial<Pick<RunColumn, "best" | "byDefault" | "percent">> = {},
): RunColumn => ({
  key,
  title,
  width,
  numeric: true,
  value,
  text: (run) => {
    const known = value(run);
    return known === null ? NONE : format(known);
  },
  byDefault: true,
  ...options,
});

/** A training setting, with its label and value labels. */
const settingColumn = (
  key: string,
  setting: TrainingSettingKey,
  width: number,
  value: (settings: TrainingSettings) => string,
): RunColumn =>
  textColumn(
    key,
    trainingSettingTable[setting].label,
    width,
    ({ settings }) => settingValue(`training.${setting}`, value(settings)),
    false,
  );

/** A metric in %, as the search compares it. */
const metricColumn = (
  key: string,
  title: string,
  width: number,
  share: (test: NonNullable<RunOverview["test"]>) => number,
  byDefault = true,
): RunColumn =>
  numberColumn(
    key,
    title,
    width,
    ({ test }) => (test === null ? null : 100 * share(test)),
    (percent) => formatMetric(percent / 100),
    { best: "highest", byDefault, percent: true },
  );

export const runColumns: readonly RunColumn[] = [
  numberColumn("run", "Run", 84, ({ id }) => id, formatInteger),
  textColumn("name", "Name", 110, ({ name }) => name),
  textColumn("network", "Network", 120, ({ settings }) => networkOf(settings.network).name),
  textColumn("dataset", "Dataset", 150, ({ dataset }) => dataset.name),
  textColumn("protocol", "Protocol", 124, ({ preparation }) => protocolName(preparation.protocol)),
  textColumn("status", "Status", 128, ({ status, test }) => runStatusText(status, test !== null)),
  numberColumn("epochs", "Epochs", 88, ({ epochs }) => epochs, formatInteger),
  metricColumn("accuracy", "Accuracy", 104, ({ accuracy }) => accuracy),
  metricColumn("macrof1", "Macro F1", 104, ({ macroF1 }) => macroF1),
  metricColumn("weightedf1", "Weighted F1", 116, ({ weightedF1 }) => weightedF1, false),
  numberColumn(
    "loss",
    "Test loss",
    104,
    ({ test }) => test?.loss ?? null,
    (loss) => loss.toFixed(4),
    { best: "lowest", byDefault: false },
  ),
  textColumn("tags", "Tags", 130, ({ tags }) => tags.join(", ")),
  textColumn("notes", "Notes", 180, ({ notes }) => notes, false),
  numberColumn("best", "Best epoch", 108, ({ bestEpoch }) => bestEpoch, formatInteger, { byDefault: false }),
  numberColumn("batch", "Batch size", 104, ({ settings }) => settings.batch, formatInteger, { byDefault: false }),
  numberColumn("rate", "Learning rate", 124, ({ settings }) => settings.learningRate, String, { byDefault: false }),
  settingColumn("optimizer", "optimizer.kind", 108, ({ optimizer }) => optimizer.kind),
  settingColumn("schedule", "schedule.kind", 184, ({ schedule }) => schedule.kind),
  numberColumn("seed", "Seed", 88, ({ settings }) => settings.seed, String, { byDefault: false }),
  numberColumn("parameters", "Parameters", 116, ({ trainableParameters }) => trainableParameters, formatInteger, {
    byDefault: false,
  }),
  numberColumn("seconds", "Training time", 120, ({ seconds }) => seconds, formatDuration, { byDefault: false }),
  textColumn("device", "Device", 170, ({ device }) => device?.gpu?.name ?? device?.description ?? NONE, false),
  numberColumn("preparation", "Preparation", 116, ({ preparation }) => preparation.id, formatInteger, {
    byDefault: false,
  }),
  {
    key: "created",
    title: "Created",
    width: 168,
    numeric: true,
    comparable: false,
    // ISO times sort as text.
    value: ({ createdAt }) => createdAt,
    text: ({ createdAt }) => formatTime(createdAt),
    byDefault: false,
  },
];

/** Key of the run's number, by which a run is known; the user can't hide this column. */
export const REQUIRED_COLUMN = "run";

/**
 * Returns the columns to show.
 * @param chosen stored keys, of which unknown ones are ignored; empty: the default columns
 */
export function shownColumns(chosen: readonly string[]): RunColumn[] {
  const defaults = runColumns.filter(({ byDefault }) => byDefault).map(({ key }) => key);
  const keys = new Set(chosen.length > 0 ? chosen : defaults);
  return runColumns.filter(({ key }) => key === REQUIRED_COLUMN || keys.has(key));
}
