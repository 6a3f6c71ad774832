/** Charts of a recording's report. Pure. */
import type { EChartsOption } from "echarts";
import type { RecordingStatistics } from "../../../../contract/domain/recording-report.ts";
import type { Tokens } from "../../../theme/tokens.ts";

type Points = [at: number, value: number | null][];

const GRID = { left: 8, right: 16, top: 12, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" } as const;
const HOUR_S = 3600;
const MINUTE_S = 60;

/** Unit of the time axis: minutes below two hours, else hours. */
function timeUnit({ length, rate }: RecordingStatistics): { name: string; seconds: number; max: number } {
  const [name, seconds] = length / rate < 2 * HOUR_S ? ["min", MINUTE_S] : ["h", HOUR_S];
  return { name: String(name), seconds: Number(seconds), max: length / rate / Number(seconds) };
}

function overTime(statistics: RecordingStatistics, y: string): EChartsOption {
  const { name, max } = timeUnit(statistics);
  return {
    animation: false,
    grid: GRID,
    xAxis: {
      type: "value",
      name: `Time since the start (${name})`,
      nameLocation: "middle",
      nameGap: 26,
      min: 0,
      max,
      axisLabel: { showMaxLabel: false },
      splitLine: { show: false },
    },
    yAxis: { type: "value", name: y, nameLocation: "middle", nameGap: 38, min: 0, splitNumber: 4 },
  };
}

/** Returns two values of each column of time; NaN interrupts the line. */
function ranges(low: Float32Array, high: Float32Array, column: number): Points {
  return [...low].flatMap((value, i): Points => {
    const at = (i + 0.5) * column;
    return Number.isNaN(value)
      ? [[at, null]]
      : [
          [at, value],
          [at, high[i]],
          [at, null],
        ];
  });
}

export function trendOption(statistics: RecordingStatistics, t: Tokens): EChartsOption {
  const { mean, lowest, highest, binSeconds } = statistics.trend;
  const column = binSeconds / timeUnit(statistics).seconds;
  const means: Points = [...mean].map((value, i) => [(i + 0.5) * column, Number.isNaN(value) ? null : value]);
  return {
    ...overTime(statistics, "Heart rate (bpm)"),
    series: [
      {
        type: "line",
        silent: true,
        showSymbol: false,
        data: ranges(lowest, highest, column),
        lineStyle: { color: t.edge, width: 2, opacity: 0.6 },
      },
      { type: "line", silent: true, showSymbol: false, data: means, lineStyle: { color: t.accent, width: 1.8 } },
    ],
  };
}

export function tachogramOption(statistics: RecordingStatistics, t: Tokens): EChartsOption {
  const { shortest, longest, columnSeconds } = statistics.tachogram;
  const points = ranges(shortest, longest, columnSeconds / timeUnit(statistics).seconds).filter(
    // One line: single intervals would have no length.
    ([, value], i, all) => value !== null || all[i - 1]?.[1] === null,
  );
  return {
    ...overTime(statistics, "RR interval (s)"),
    series: [{ type: "line", silent: true, showSymbol: false, data: points, lineStyle: { color: t.accent, width: 1 } }],
  };
}

export function histogramOption({ histogram }: RecordingStatistics, t: Tokens): EChartsOption {
  const { binMs, counts } = histogram;
  const first = Math.max(0, counts.findIndex((count) => count > 0) - 2);
  const last = counts.findLastIndex((count) => count > 0) + 3;
  const bins = [...counts.slice(first, last)];
  return {
    animation: false,
    grid: GRID,
    xAxis: {
      type: "category",
      name: "RR interval (ms)",
      nameLocation: "middle",
      nameGap: 26,
      data: bins.map((_, i) => String((first + i) * binMs)),
      axisTick: { alignWithLabel: true },
    },
    yAxis: { type: "value", name: "Intervals", nameLocation: "middle", nameGap: 44, splitNumber: 4 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    series: [{ type: "bar", name: "Intervals", data: bins, itemStyle: { color: t.accent }, barCategoryGap: "5%" }],
  };
}

export function poincareOption({ poincare }: RecordingStatistics, t: Tokens): EChartsOption {
  const { cellMs, columns, rows, counts } = poincare;
  const high = [...columns, ...rows].reduce((most, value) => Math.max(most, value), 0) + 3;
  const most = Math.log(1 + counts.reduce((largest, count) => Math.max(largest, count), 1));
  const axis = { type: "value" as const, min: 0, max: high * cellMs, nameLocation: "middle" as const, splitNumber: 4 };
  return {
    animation: false,
    grid: GRID,
    xAxis: { ...axis, name: "RR interval (ms)", nameGap: 26, axisLabel: { showMaxLabel: false } },
    yAxis: { ...axis, name: "Next RR interval (ms)", nameGap: 44, axisLabel: { showMaxLabel: false } },
    series: [
      {
        type: "scatter",
        silent: true,
        symbol: "rect",
        symbolSize: 4,
        data: [...counts].map((count, i) => ({
          value: [(columns[i] + 0.5) * cellMs, (rows[i] + 0.5) * cellMs],
          itemStyle: { color: t.accent, opacity: 0.3 + 0.7 * (Math.log(1 + count) / most) },
        })),
      },
      {
        type: "line",
        silent: true,
        showSymbol: false,
        data: [
          [0, 0],
          [high * cellMs, high * cellMs],
        ],
        lineStyle: { color: t.edge, width: 1, type: "dashed" },
      },
    ],
  };
}
