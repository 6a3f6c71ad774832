/** Columns of the table of runs: what each shows, sorts and filters by. */
import { networkTitle } from "../../../contract/settings/network-presets.ts";
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
  /** Unit of the number, for an axis. */
  unit?: string;
  /** Which value is the best; the table highlights the best run of each protocol. */
  best?: "highest" | "lowest";
  /** Whether the column is shown before the user chooses columns. */
  byDefault: boolean;
}

type ColumnHead = Pick<RunColumn, "key" | "title" | "width">;

const textColumn = (head: ColumnHead, value: (run: RunOverview) => string, byDefault = true): RunColumn => ({
  ...head,
  numeric: false,
  value,
  text: value,
  byDefault,
});

const numberColumn = (
  head: ColumnHead,
  value: (run: RunOverview) => number | null,
  format: (value: number) => string,
  options: Partial<Pick<RunColumn, "best" | "byDefault" | "percent" | "unit">> = {},
): RunColumn => ({
  ...head,
  numeric: true,
  value,
  text: (run) => {
    const known = value(run);
    return known === null ? NONE : format(known);
  },
  byDefault: true,
  ...options,
});

/** Returns whether a run was no training: the settings of an imported model are defaults, an ensemble has those of its runs. */
const isUntrained = ({ importedFrom, members }: TrainingSettings): boolean =>
  importedFrom !== undefined || members !== undefined;

/** A training setting, with its label and value labels. */
const settingColumn = (
  key: string,
  setting: TrainingSettingKey,
  width: number,
  value: (settings: TrainingSettings) => string,
): RunColumn =>
  textColumn(
    { key, title: trainingSettingTable[setting].label, width },
    ({ settings }) => (isUntrained(settings) ? "" : settingValue(`training.${setting}`, value(settings))),
    false,
  );

/** A metric in %, as the search compares it. */
const metricColumn = (
  head: ColumnHead,
  share: (test: NonNullable<RunOverview["test"]>) => number,
  byDefault = true,
): RunColumn =>
  numberColumn(
    head,
    ({ test }) => (test === null ? null : 100 * share(test)),
    (percent) => formatMetric(percent / 100),
    { best: "highest", byDefault, percent: true, unit: "%" },
  );

export const runColumns: readonly RunColumn[] = [
  numberColumn({ key: "run", title: "Run", width: 84 }, ({ id }) => id, formatInteger),
  textColumn({ key: "name", title: "Name", width: 110 }, ({ name }) => name),
  textColumn({ key: "network", title: "Network", width: 120 }, ({ settings }) => networkTitle(settings)),
  textColumn({ key: "dataset", title: "Dataset", width: 150 }, ({ dataset }) => dataset.name),
  textColumn({ key: "protocol", title: "Protocol", width: 172 }, ({ preparation }) =>
    protocolName(preparation.protocol),
  ),
  textColumn({ key: "status", title: "Status", width: 128 }, ({ status, test }) =>
    runStatusText(status, test !== null),
  ),
  numberColumn({ key: "epochs", title: "Epochs", width: 88 }, ({ epochs }) => epochs, formatInteger),
  metricColumn({ key: "accuracy", title: "Accuracy", width: 104 }, ({ accuracy }) => accuracy),
  metricColumn({ key: "macrof1", title: "Macro F1", width: 104 }, ({ macroF1 }) => macroF1),
  metricColumn({ key: "weightedf1", title: "Weighted F1", width: 116 }, ({ weightedF1 }) => weightedF1, false),
  numberColumn(
    { key: "loss", title: "Test loss", width: 104 },
    ({ test }) => test?.loss ?? null,
    (loss) => loss.toFixed(4),
    { best: "lowest", byDefault: false, unit: "nats" },
  ),
  textColumn({ key: "machine", title: "Machine", width: 130 }, ({ machine }) => machine ?? "", false),
  textColumn({ key: "tags", title: "Tags", width: 130 }, ({ tags }) => tags.join(", ")),
  textColumn({ key: "notes", title: "Notes", width: 180 }, ({ notes }) => notes, false),
  numberColumn({ key: "best", title: "Best epoch", width: 108 }, ({ bestEpoch }) => bestEpoch, formatInteger, {
    byDefault: false,
  }),
  numberColumn(
    { key: "batch", title: "Batch size", width: 104 },
    ({ settings }) => (isUntrained(settings) ? null : settings.batch),
    formatInteger,
    {
      byDefault: false,
    },
  ),
  numberColumn(
    { key: "rate", title: "Learning rate", width: 124 },
    ({ settings }) => (isUntrained(settings) ? null : settings.learningRate),
    String,
    {
      byDefault: false,
    },
  ),
  settingColumn("optimizer", "optimizer.kind", 108, ({ optimizer }) => optimizer.kind),
  settingColumn("schedule", "schedule.kind", 184, ({ schedule }) => schedule.kind),
  numberColumn(
    { key: "seed", title: "Seed", width: 88 },
    ({ settings }) => (isUntrained(settings) ? null : settings.seed),
    String,
    {
      byDefault: false,
    },
  ),
  numberColumn(
    { key: "parameters", title: "Parameters", width: 116 },
    ({ trainableParameters }) => trainableParameters,
    formatInteger,
    {
      byDefault: false,
    },
  ),
  numberColumn({ key: "seconds", title: "Training time", width: 120 }, ({ seconds }) => seconds, formatDuration, {
    byDefault: false,
    unit: "s",
  }),
  textColumn(
    { key: "device", title: "Device", width: 170 },
    ({ device }) => device?.gpu?.name ?? device?.description ?? NONE,
    false,
  ),
  numberColumn(
    { key: "preparation", title: "Preparation", width: 116 },
    ({ preparation }) => preparation.id,
    formatInteger,
    {
      byDefault: false,
    },
  ),
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
export function shownColumns(chosen: readonly string[], columns: readonly RunColumn[] = runColumns): RunColumn[] {
  const defaults = columns.filter(({ byDefault }) => byDefault).map(({ key }) => key);
  const keys = new Set(chosen.length > 0 ? chosen : defaults);
  return columns.filter(({ key }) => key === REQUIRED_COLUMN || keys.has(key));
}

/** Returns the columns that have text in at least one run: a column without any takes room and says nothing. */
export function withoutEmpty(columns: readonly RunColumn[], runs: readonly RunOverview[]): RunColumn[] {
  return columns.filter(
    (column) =>
      column.key === REQUIRED_COLUMN ||
      runs.some((run) => {
        const text = column.text(run);
        return text !== "" && text !== NONE;
      }),
  );
}
