/** The table of runs: what each column shows, sorts and filters by. */
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { formatDuration, formatInteger, formatPercent, formatTime, NONE } from "../../base/format.ts";

export interface RunColumn {
  key: string;
  title: string;
  /** In pixels; a column of words takes what is left as well. */
  width: number;
  /** Aligned right, and sorted from the highest first. */
  figure: boolean;
  /** In the unit that is shown (percent, seconds); null: none yet. */
  value: (run: RunOverview) => string | number | null;
  text: (run: RunOverview) => string;
  /** The best of a protocol stands out. */
  best?: "highest" | "lowest";
  /** Shown where nobody has chosen. */
  atFirst: boolean;
}

type Figure = (run: RunOverview) => number | null;

const words = (
  key: string,
  title: string,
  width: number,
  value: (run: RunOverview) => string,
  atFirst = true,
): RunColumn => ({
  key,
  title,
  width,
  figure: false,
  value,
  text: value,
  atFirst,
});

const figure = (
  key: string,
  title: string,
  width: number,
  value: Figure,
  format: (value: number) => string,
  rest: Partial<Pick<RunColumn, "best" | "atFirst">> = {},
): RunColumn => ({
  key,
  title,
  width,
  figure: true,
  value,
  text: (run) => {
    const known = value(run);
    return known === null ? NONE : format(known);
  },
  atFirst: true,
  ...rest,
});

const percent = (share: number | undefined): number | null => (share === undefined ? null : 100 * share);
const formatHundred = (value: number): string => formatPercent(value / 100);

export const runColumns: readonly RunColumn[] = [
  figure("run", "Run", 84, ({ id }) => id, formatInteger),
  words("network", "Network", 120, ({ settings }) => networkOf(settings.network).name),
  words("dataset", "Dataset", 150, ({ dataset }) => dataset.name),
  words("protocol", "Protocol", 124, ({ preparation }) => preparation.protocol),
  words("status", "Status", 128, ({ status }) => status),
  figure("epochs", "Epochs", 88, ({ epochs }) => epochs, formatInteger),
  figure("accuracy", "Accuracy", 104, ({ test }) => percent(test?.accuracy), formatHundred, { best: "highest" }),
  figure("macrof1", "Macro F1", 104, ({ test }) => percent(test?.macroF1), formatHundred, { best: "highest" }),
  figure("weightedf1", "Weighted F1", 116, ({ test }) => percent(test?.weightedF1), formatHundred, {
    best: "highest",
    atFirst: false,
  }),
  figure(
    "loss",
    "Test loss",
    104,
    ({ test }) => test?.loss ?? null,
    (loss) => loss.toFixed(4),
    {
      best: "lowest",
      atFirst: false,
    },
  ),
  words("tags", "Tags", 130, ({ tags }) => tags.join(", ")),
  words("notes", "Notes", 180, ({ notes }) => notes, false),
  figure("best", "Best epoch", 108, ({ bestEpoch }) => bestEpoch, formatInteger, { atFirst: false }),
  figure("batch", "Batch", 84, ({ settings }) => settings.batch, formatInteger, { atFirst: false }),
  figure("rate", "Learning rate", 124, ({ settings }) => settings.learningRate, String, { atFirst: false }),
  words("optimizer", "Optimizer", 108, ({ settings }) => settings.optimizer.kind, false),
  words("schedule", "Schedule", 112, ({ settings }) => settings.schedule.kind, false),
  figure("seed", "Seed", 88, ({ settings }) => settings.seed, String, { atFirst: false }),
  figure("parameters", "Parameters", 116, ({ trainableParameters }) => trainableParameters, formatInteger, {
    atFirst: false,
  }),
  figure("seconds", "Trained for", 120, ({ seconds }) => seconds, formatDuration, { atFirst: false }),
  words("device", "Device", 170, ({ device }) => device?.gpu?.name ?? device?.description ?? NONE, false),
  figure("preparation", "Preparation", 116, ({ preparation }) => preparation.id, formatInteger, { atFirst: false }),
  {
    key: "created",
    title: "Queued at",
    width: 168,
    figure: true,
    // ISO times sort as text.
    value: ({ createdAt }) => createdAt,
    text: ({ createdAt }) => formatTime(createdAt),
    atFirst: false,
  },
];

/** A run is known by its number: it can't be hidden. */
export const ALWAYS = "run";

/** @param chosen keys as they were kept: what is not known any more is passed over; empty: as it comes */
export function shownColumns(chosen: readonly string[]): RunColumn[] {
  const keys = new Set(chosen.length > 0 ? chosen : runColumns.filter(({ atFirst }) => atFirst).map(({ key }) => key));
  return runColumns.filter(({ key }) => key === ALWAYS || keys.has(key));
}
