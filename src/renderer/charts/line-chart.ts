/** Lines over steps or epochs, labelled where they end. */
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import type { Tokens } from "../theme/tokens.ts";
import { endOffsets } from "./end-offsets.ts";

export type Point = readonly [x: number, y: number];

export interface Line {
  /** Label at the end of the line. */
  name: string;
  colour: string;
  points: readonly Point[];
  /** Lengths of strokes and gaps, in px; a solid line without it. */
  dash?: readonly number[];
  /** Whether to draw a dot at each point. */
  dots?: boolean;
}

/** A pale area behind a line, for example from the lowest to the highest loss of each point. */
export interface Band {
  colour: string;
  low: readonly Point[];
  high: readonly Point[];
}

export interface LineChart {
  /** Axis title with the unit: `Step`, `Epoch`. */
  x: string;
  /** Axis title with the unit: `Loss (nats)`. */
  y: string;
  /** Formats a value of y, for the tooltip and the axis. */
  format: (value: number) => string;
  logarithmic?: boolean;
  lines: readonly Line[];
  band?: Band;
  /** A labelled vertical line. */
  mark?: { x: number; label: string };
}

/** More labels than this do not fit one below the other; the tooltip shows the names. */
const MAX_LABELS = 16;

export function lineOption(
  { x, y, format, logarithmic = false, lines, band, mark }: LineChart,
  t: Tokens,
): EChartsOption {
  const scaled = (value: number): number => (logarithmic ? Math.log(value) : value);
  const shown = [...lines.map(({ points }) => points), ...(band ? [band.low, band.high] : [])]
    .flat()
    .map(([, value]) => value);
  const offsets = endOffsets(
    lines.map(({ points }) => scaled(points.at(-1)?.[1] ?? NaN)),
    [scaled(least(shown)), scaled(-least(shown.map((value) => -value)))],
  );
  return {
    animation: false,
    grid: { left: 8, right: 92, top: 22, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: t.edge } },
      valueFormatter: (value) => (typeof value === "number" ? format(value) : "–"),
    },
    xAxis: {
      type: "value",
      name: x,
      nameLocation: "middle",
      nameGap: 28,
      min: "dataMin",
      max: "dataMax",
      minInterval: 1,
      splitLine: { show: false },
      axisLabel: { formatter: (value: number) => value.toLocaleString("en-US"), hideOverlap: true },
    },
    yAxis: {
      type: logarithmic ? "log" : "value",
      name: y,
      nameLocation: "middle",
      nameGap: 44,
      scale: true,
      axisLabel: { formatter: format },
    },
    series: [
      ...(band ? [bandSeries(band)] : []),
      ...lines.map((line, i) =>
        lineSeries(line, t, {
          labelOffset: offsets[i],
          labelled: lines.length <= MAX_LABELS,
          mark: i === 0 ? mark : undefined,
        }),
      ),
    ],
  };
}

/** Not with a spread: a curve may have more points than a call accepts arguments. */
function least(values: readonly number[]): number {
  return values.reduce((lowest, value) => Math.min(lowest, value), Infinity);
}

function lineSeries(
  { name, colour, points, dash = [], dots }: Line,
  t: Tokens,
  { labelOffset, labelled, mark }: { labelOffset: number; labelled: boolean; mark: LineChart["mark"] },
): LineSeriesOption {
  return {
    id: name,
    name,
    type: "line",
    data: points.map(([x, y]) => [x, y]),
    color: colour,
    lineStyle: { color: colour, width: 1.8, type: dash.length === 0 ? "solid" : [...dash] },
    showSymbol: dots === true || points.length === 1,
    symbol: "circle",
    symbolSize: 5,
    endLabel: { show: labelled, formatter: name, color: colour, distance: 6, offset: [0, labelOffset], fontSize: 12 },
    emphasis: { disabled: true },
    ...(mark && {
      markLine: {
        silent: true,
        symbol: "none",
        lineStyle: { color: t.edge, type: "dotted", width: 1 },
        label: {
          formatter: mark.label,
          color: t.faint,
          fontSize: 11,
          position: "insideEndTop",
          rotate: 0,
          align: "center",
        },
        data: [{ xAxis: mark.x }],
      },
    }),
  };
}

/** One polygon: stacked areas would need the same x values on both edges. */
function bandSeries({ colour, low, high }: Band): CustomSeriesOption {
  const edge = [...high, ...low.toReversed()];
  return {
    id: "band",
    type: "custom",
    silent: true,
    tooltip: { show: false },
    clip: true,
    data: edge.length > 0 ? [[low[0][0], low[0][1]]] : [],
    renderItem: (_params, api) => ({
      type: "polygon",
      shape: { points: edge.map(([x, y]) => api.coord([x, y])) },
      style: { fill: colour, stroke: colour, lineWidth: 1, opacity: 0.22 },
    }),
  };
}
