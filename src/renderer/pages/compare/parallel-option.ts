/** Parallel coordinates: one line per run, through its differing settings and its test metrics. */
import type { EChartsOption } from "echarts";
import type { ComparedRun, SettingRow } from "../../../contract/domain/comparison.ts";
import { settingHeading, settingValue } from "../../../contract/settings/setting-table.ts";
import { percentRange } from "../../charts/percent-range.ts";
import type { Tokens } from "../../theme/tokens.ts";
import type { RunStyle } from "./run-styles.ts";

/** More axes would not fit side by side. */
const MAX_SETTING_AXES = 8;

export interface ParallelAxis {
  name: string;
  /** Categories in the order of the axis; null for an axis of numbers. */
  categories: string[] | null;
  /** Whether the numbers are percentages. */
  percent?: true;
  values: (number | string | null)[];
}

/** Returns the axes of the settings (numbers where all values are numbers, else categories) and of the test metrics, in percent. */
export function parallelAxes(runs: readonly ComparedRun[], differing: readonly SettingRow[]): ParallelAxis[] {
  const settings = differing
    .filter(({ name }) => name !== "training.network.layers")
    .slice(0, MAX_SETTING_AXES)
    .map(({ name, values }): ParallelAxis => {
      const shown = values.map((value) => (value === null ? null : settingValue(name, value)));
      const numbers = values.map((value) => (value === null ? null : Number(value)));
      const areNumbers = numbers.every((value) => value === null || !Number.isNaN(value));
      if (areNumbers) return { name: settingHeading(name), categories: null, values: numbers };
      return {
        name: settingHeading(name),
        categories: [...new Set(shown.filter((value) => value !== null))],
        values: shown,
      };
    });
  const percent = (of: (run: ComparedRun) => number | undefined) =>
    runs.map((run) => {
      const value = of(run);
      return value === undefined ? null : 100 * value;
    });
  return [
    ...settings,
    { name: "Accuracy (%)", categories: null, percent: true, values: percent(({ test }) => test?.accuracy) },
    { name: "Macro F1 (%)", categories: null, percent: true, values: percent(({ test }) => test?.macroF1) },
  ];
}

/** @param styles of the runs, in their order */
export function parallelOption(
  axes: readonly ParallelAxis[],
  runs: readonly ComparedRun[],
  styles: readonly RunStyle[],
  t: Tokens,
): EChartsOption {
  return {
    animation: false,
    tooltip: { trigger: "item", formatter: (item) => (Array.isArray(item) ? "" : String(item.seriesName)) },
    parallel: {
      left: 40,
      right: 60,
      top: 36,
      bottom: 16,
      parallelAxisDefault: {
        nameLocation: "end",
        nameTextStyle: { color: t.faint, fontSize: 12 },
        axisLine: { lineStyle: { color: t.edge } },
        axisTick: { lineStyle: { color: t.edge } },
        axisLabel: { color: t.faint },
        splitLine: { show: false },
      },
    },
    parallelAxis: axes.map(({ name, categories, percent, values }, dim) => {
      if (categories !== null) return { dim, name, type: "category" as const, data: categories };
      const range = percent ? percentRange(values.filter((value) => typeof value === "number")) : { scale: true };
      return { dim, name, type: "value" as const, ...range };
    }),
    series: runs.map(({ id }, i) => ({
      type: "parallel" as const,
      name: `Run ${id}`,
      lineStyle: {
        color: styles[i].colour,
        type: styles[i].dash.length === 0 ? "solid" : [...styles[i].dash],
        width: 2,
        opacity: 0.85,
      },
      emphasis: { lineStyle: { width: 4, opacity: 1 } },
      // The line of a run breaks where the run has no value.
      data: [axes.map(({ values }) => values[i] ?? "-")],
    })),
  };
}
