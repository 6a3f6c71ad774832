/** Figures of a recording's report: heart rate, RR histogram, Poincaré plot and tachogram. */
import type { EChartsOption } from "echarts";
import type { RecordingStatistics } from "../../../contract/domain/recording-report.ts";
import { axisStyle, faint, hairline, runColour, type Drawing, type Figure } from "./sheet.ts";

const FULL_WIDTH_MM = 180;
const HALF_WIDTH_MM = 87;
const BAND_COLOUR = "#b9cdd8";

export function recordingFigures(statistics: RecordingStatistics): Record<RecordingFigure, Figure> {
  const { settings, trend, histogram, poincare, tachogram } = statistics;
  return {
    trend: {
      name: "heart-rate",
      title: "Heart rate",
      caption: `Mean of every ${trend.binSeconds === 60 ? "minute" : `${trend.binSeconds} s`} (line), and the range of its RR intervals (grey).`,
      width: FULL_WIDTH_MM,
      draw: (width, top) => drawTrend(statistics, width, top),
    },
    histogram: {
      name: "rr-histogram",
      title: "RR intervals",
      caption: `Number of RR intervals by length, in bins of ${histogram.binMs} ms; the last bin has all longer ones.`,
      width: HALF_WIDTH_MM,
      draw: (width, top) => drawHistogram(statistics, width, top),
    },
    poincare: {
      name: "poincare",
      title: "Poincaré plot",
      caption: `Each RR interval against the next one, in cells of ${poincare.cellMs} ms; darker cells have more pairs.`,
      width: HALF_WIDTH_MM,
      draw: (width, top) => drawPoincare(statistics, width, top),
    },
    tachogram: {
      name: "tachogram",
      title: "Tachogram",
      caption: `RR intervals over time: shortest and longest of every ${tachogram.columnSeconds} s. Pauses are above ${settings.pauseSeconds} s.`,
      width: FULL_WIDTH_MM,
      draw: (width, top) => drawTachogram(statistics, width, top),
    },
  };
}

export type RecordingFigure = "trend" | "histogram" | "poincare" | "tachogram";

/** Points of a line; null interrupts it. */
type Points = [at: number, value: number | null][];

/** Returns a line through two values of each column of time. @param column duration of a column, in units of the axis */
function rangeLine(low: Float32Array, high: Float32Array, column: number): Points {
  return [...low].flatMap((value, i): Points => {
    const at = (i + 0.5) * column;
    return Number.isNaN(value)
      ? [[at, null]]
      : [
          [at, Number(value.toFixed(3))],
          [at, Number(high[i].toFixed(3))],
        ];
  });
}

/** Returns a vertical bar for each column of time; the last column may be shorter. */
function rangeBars(low: Float32Array, high: Float32Array, column: number, end: number): Points {
  return [...low].flatMap((value, i): Points => {
    const at = Math.min((i + 0.5) * column, end - column / 3);
    return Number.isNaN(value)
      ? []
      : [
          [at, value],
          [at, high[i]],
          [at, null],
        ];
  });
}

function meanLine(values: Float32Array, column: number): Points {
  return [...values].map((value, i) => [(i + 0.5) * column, Number.isNaN(value) ? null : Number(value.toFixed(2))]);
}

/** Time since the start: in minutes below two hours, else in hours. */
function timeUnit({ length, rate }: RecordingStatistics): { name: string; seconds: number; max: number } {
  const duration = length / rate;
  const [name, seconds] = duration < 7200 ? (["min", 60] as const) : (["h", 3600] as const);
  return { name, seconds, max: duration / seconds };
}

function timeAxis(statistics: RecordingStatistics): NonNullable<EChartsOption["xAxis"]> {
  const { name, max } = timeUnit(statistics);
  return {
    ...axisStyle,
    type: "value",
    name: `time since the start (${name})`,
    nameGap: 22,
    min: 0,
    max,
    axisLabel: { ...axisStyle.axisLabel, showMaxLabel: false },
    splitLine: { show: false },
  };
}

function valueAxis(name: string): NonNullable<EChartsOption["yAxis"]> {
  return { ...axisStyle, type: "value", name, nameGap: 32, min: 0, splitNumber: 4 };
}

const LEFT = 46;
const BOTTOM = 40;
/** Height of a curve over time. */
const TREND_PX = 95;
const line = { type: "line" as const, showSymbol: false, silent: true, connectNulls: false };

function overTime(statistics: RecordingStatistics, width: number, top: number, height: number): EChartsOption {
  return {
    grid: { left: LEFT, right: 12, top: top + 8, width: width - LEFT - 12, height },
    xAxis: timeAxis(statistics),
  };
}

function drawTrend(statistics: RecordingStatistics, width: number, top: number): Drawing {
  const { mean, lowest, highest, binSeconds } = statistics.trend;
  const column = binSeconds / timeUnit(statistics).seconds;
  const option: EChartsOption = {
    ...overTime(statistics, width, top, TREND_PX),
    yAxis: valueAxis("heart rate (bpm)"),
    series: [
      {
        ...line,
        data: rangeBars(lowest, highest, column, timeUnit(statistics).max),
        lineStyle: { color: BAND_COLOUR, width: Math.max(1, (0.6 * (width - LEFT - 12)) / mean.length) },
      },
      { ...line, data: meanLine(mean, column), lineStyle: { color: runColour(0), width: 1.25 } },
    ],
  };
  return { option, width, height: top + 8 + TREND_PX + BOTTOM };
}

function drawTachogram(statistics: RecordingStatistics, width: number, top: number): Drawing {
  const { shortest, longest, columnSeconds } = statistics.tachogram;
  const option: EChartsOption = {
    ...overTime(statistics, width, top, TREND_PX),
    yAxis: valueAxis("RR interval (s)"),
    series: [
      {
        ...line,
        data: rangeLine(shortest, longest, columnSeconds / timeUnit(statistics).seconds),
        lineStyle: { color: runColour(0), width: 0.75 },
      },
    ],
  };
  return { option, width, height: top + 8 + TREND_PX + BOTTOM };
}

function drawHistogram({ histogram }: RecordingStatistics, width: number, top: number): Drawing {
  const { binMs, counts } = histogram;
  const [first, last] = [counts.findIndex((count) => count > 0), counts.findLastIndex((count) => count > 0)];
  const height = width - LEFT - 12;
  const option: EChartsOption = {
    grid: { left: LEFT, right: 12, top: top + 8, width: width - LEFT - 12, height },
    xAxis: {
      ...axisStyle,
      type: "value",
      name: "RR interval (ms)",
      nameGap: 22,
      min: Math.max(0, first - 2) * binMs,
      max: (last + 3) * binMs,
      splitLine: { show: false },
    },
    yAxis: { ...axisStyle, type: "value", name: "intervals", nameGap: 34, splitNumber: 4 },
    series: [
      {
        type: "bar",
        silent: true,
        barWidth: Math.max(1, ((width - LEFT - 12) * 0.9) / (last - Math.max(0, first - 2) + 4)),
        itemStyle: { color: runColour(0) },
        data: [...counts].flatMap((count, bin) => (count === 0 ? [] : [[(bin + 0.5) * binMs, count]])),
      },
    ],
  };
  return { option, width, height: top + 8 + height + BOTTOM };
}

function drawPoincare({ poincare }: RecordingStatistics, width: number, top: number): Drawing {
  const { cellMs, columns, rows, counts } = poincare;
  const side = width - LEFT - 12;
  const values = [...columns, ...rows];
  const low = values.length === 0 ? 0 : Math.max(0, Math.min(...values) - 2);
  const high = values.length === 0 ? 50 : Math.max(...values) + 3;
  const most = Math.log(1 + Math.max(1, ...counts));
  const axis = {
    ...axisStyle,
    type: "value" as const,
    min: low * cellMs,
    max: high * cellMs,
    splitNumber: 4,
    splitLine: { show: true, lineStyle: { color: hairline, width: 0.5 } },
  };
  const option: EChartsOption = {
    grid: { left: LEFT, right: 12, top: top + 8, width: side, height: side },
    xAxis: { ...axis, name: "RR interval (ms)", nameGap: 22 },
    yAxis: { ...axis, name: "next RR interval (ms)", nameGap: 34 },
    series: [
      {
        type: "scatter",
        silent: true,
        symbol: "rect",
        symbolSize: Math.max(1, side / (high - low)),
        data: [...counts].map((count, i) => ({
          value: [(columns[i] + 0.5) * cellMs, (rows[i] + 0.5) * cellMs],
          itemStyle: { color: runColour(0), opacity: Number((0.25 + 0.75 * (Math.log(1 + count) / most)).toFixed(2)) },
        })),
      },
      {
        ...line,
        data: [
          [low * cellMs, low * cellMs],
          [high * cellMs, high * cellMs],
        ],
        lineStyle: { color: faint, width: 0.5, type: [3, 3] },
      },
    ],
  };
  return { option, width, height: top + 8 + side + BOTTOM };
}
