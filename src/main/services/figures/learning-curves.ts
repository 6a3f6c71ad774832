/** Loss and accuracy by epoch: of one run on training and validation set, or of several runs on the validation set. */
import type { EChartsOption, LineSeriesOption } from "echarts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import {
  axisStyle,
  dashOf,
  faint,
  legendRows,
  legendStyle,
  lineLegend,
  runColour,
  runShape,
  TYPE,
  type Drawing,
  type Figure,
} from "./sheet.ts";

export interface LearnedRun {
  /** Name in the legend: `Run 3, ANN`. */
  name: string;
  epochs: readonly EpochMetrics[];
  bestEpoch: number;
}

const TRAINING = "training (dropout on)";
const VALIDATION = "validation";

export function learningCurves(runs: readonly LearnedRun[]): Figure {
  const caption =
    runs.length === 1
      ? "Loss (cross-entropy, nats) and accuracy by epoch. Training values are means over the batches of the epoch, with dropout on; validation values are computed after the epoch, with dropout off. The dotted line marks the epoch whose weights are kept."
      : "Loss (cross-entropy, nats) and accuracy on the validation set after each epoch; one line and mark for each run. The larger mark is the epoch whose weights are kept.";
  return {
    name: "learning-curves",
    title: runs.length === 1 ? `Loss and accuracy, ${runs[0].name}` : "Loss and accuracy on the validation set",
    caption,
    width: 180,
    draw: (width, top) => draw(runs, width, top),
  };
}

function draw(runs: readonly LearnedRun[], width: number, top: number): Drawing {
  const beside = width >= 420;
  const names = runs.length === 1 ? [TRAINING, VALIDATION] : runs.map(({ name }) => name);
  const [left, gap, right, legend, bottom] = [46, 56, 12, 8 + 16 * legendRows(names, width - 46), 40];
  const plotWidth = beside ? (width - 2 * left - right - (gap - left)) / 2 : width - left - right;
  const plotHeight = Math.round(Math.min(plotWidth * 0.62, 190));
  const begin = top + legend + 6;
  const grids = [0, 1].map((i) => ({
    left: beside ? left + i * (plotWidth + gap) : left,
    top: beside ? begin : begin + i * (plotHeight + bottom + 8),
    width: plotWidth,
    height: plotHeight,
  }));
  const last = Math.max(...runs.map(({ epochs }) => epochs.length));
  const option: EChartsOption = {
    legend: { ...legendStyle, ...(runs.length === 1 ? lineLegend : {}), top: top + 2, left: left - 4 },
    grid: grids,
    xAxis: grids.map((_, gridIndex) => ({
      ...axisStyle,
      type: "value" as const,
      gridIndex,
      name: "epoch",
      nameGap: 22,
      min: 1,
      max: Math.max(2, last),
      minInterval: 1,
      splitLine: { show: false },
      axisLine: { ...axisStyle.axisLine, onZero: false },
    })),
    yAxis: ["loss (cross-entropy, nats)", "accuracy (%)"].map((name, gridIndex) => ({
      ...axisStyle,
      type: "value" as const,
      gridIndex,
      name,
      nameGap: 34,
      scale: true,
      splitNumber: 4,
    })),
    series: runs.length === 1 ? seriesOfOne(runs[0]) : runs.flatMap(seriesOfMany),
  };
  return { option, width, height: grids[1].top + plotHeight + bottom };
}

const share = (value: number): number => 100 * value;

function seriesOfOne({ epochs, bestEpoch }: LearnedRun): LineSeriesOption[] {
  const line = (axis: number, name: string, of: (metrics: EpochMetrics) => number): LineSeriesOption => ({
    ...common(
      axis,
      name,
      epochs.map((metrics) => [metrics.epoch, of(metrics)]),
    ),
    showSymbol: epochs.length < 3,
    symbol: "circle",
    symbolSize: 4,
    itemStyle: { color: name === TRAINING ? faint : runColour(0) },
    lineStyle: {
      color: name === TRAINING ? faint : runColour(0),
      width: name === TRAINING ? 1 : 1.5,
      type: name === TRAINING ? dashOf(1) : "solid",
    },
    ...(name === TRAINING
      ? {}
      : {
          markLine: {
            symbol: "none",
            silent: true,
            lineStyle: { color: faint, type: [1, 2], width: 1 },
            label: { formatter: "kept", color: faint, fontSize: TYPE - 1, position: "end", distance: 2 },
            data: [{ xAxis: bestEpoch }],
          },
        }),
  });
  return [
    line(0, TRAINING, ({ trainLoss }) => trainLoss),
    line(0, VALIDATION, ({ validationLoss }) => validationLoss),
    line(1, TRAINING, ({ trainAccuracy }) => share(trainAccuracy)),
    line(1, VALIDATION, ({ validationAccuracy }) => share(validationAccuracy)),
  ];
}

function seriesOfMany({ name, epochs, bestEpoch }: LearnedRun, place: number): LineSeriesOption[] {
  const color = runColour(place);
  const line = (axis: number, of: (metrics: EpochMetrics) => number): LineSeriesOption => ({
    ...common(axis, name, []),
    data: epochs.map((metrics) => ({
      value: [metrics.epoch, of(metrics)],
      symbolSize: metrics.epoch === bestEpoch ? 8 : epochs.length > 30 ? 0 : 4,
    })),
    showAllSymbol: true,
    showSymbol: true,
    symbol: runShape(place),
    itemStyle: { color },
    lineStyle: { color, width: 1.25, type: dashOf(place) },
  });
  return [
    line(0, ({ validationLoss }) => validationLoss),
    line(1, ({ validationAccuracy }) => share(validationAccuracy)),
  ];
}

function common(axis: number, name: string, data: number[][]): LineSeriesOption {
  return { type: "line", name, xAxisIndex: axis, yAxisIndex: axis, data, silent: true, emphasis: { disabled: true } };
}
