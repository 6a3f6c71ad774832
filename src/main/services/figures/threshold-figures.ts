/** ROC and precision–recall curves of each class, with their areas in the legend. */
import type { EChartsOption, LineSeriesOption } from "echarts";
import { classColour } from "../../../contract/domain/class-colours.ts";
import type { RunCurves, ThresholdCurves } from "../../../contract/domain/comparison.ts";
import { dashOf, faint, legendStyle, lineLegend, TYPE, unitAxis, type Drawing, type Figure } from "./sheet.ts";

/** Axes of a curve over all thresholds. */
export interface ThresholdKind {
  x: string;
  y: string;
  area: (curves: ThresholdCurves) => number;
  points: (curves: ThresholdCurves) => number[][];
  /** How points are joined: PPV is constant up to the next sensitivity, not interpolated. */
  step: "start" | false;
}

export const roc: ThresholdKind = {
  x: "false positive rate",
  y: "sensitivity",
  area: ({ rocArea }) => rocArea,
  points: ({ falsePositiveRate, recall }) => falsePositiveRate.map((rate, i) => [rate, recall[i]]),
  step: false,
};

export const precisionRecall: ThresholdKind = {
  x: "sensitivity",
  y: "PPV",
  area: ({ averagePrecision }) => averagePrecision,
  points: ({ recall, precision }) => recall.map((value, i) => [value, precision[i]]),
  step: "start",
};

/** @param name of the run */
export function thresholdFigures(curves: RunCurves, name: string): Figure[] {
  const { averages } = curves;
  return [
    {
      name: "roc",
      title: `ROC curves by class, ${name}`,
      caption: `Receiver operating characteristic (ROC) of each class against all others, over all thresholds on its probability, with the area under the curve (AUROC) beside each class. Macro AUROC ${area(averages.macroRocArea)}, micro AUROC ${area(averages.microRocArea)}.`,
      width: 85,
      draw: (width, top) => draw(curves, roc, width, top),
    },
    {
      name: "precision-recall",
      title: `Precision–recall curves by class, ${name}`,
      caption: `PPV (precision) against sensitivity (recall) of each class, over all thresholds on its probability, with its average precision beside each class. Macro average precision ${area(averages.macroAveragePrecision)}, micro average precision ${area(averages.microAveragePrecision)}.`,
      width: 85,
      draw: (width, top) => draw(curves, precisionRecall, width, top),
    },
  ];
}

function draw(
  { labels, perClass }: RunCurves,
  { x, y, area: areaOf, points, step }: ThresholdKind,
  width: number,
  top: number,
): Drawing {
  const [left, legend, bottom] = [44, 84, 38];
  const side = width - left - legend;
  const named = (i: number): string => `${labels[i]}  ${area(areaOf(perClass[i]))}`;
  const row = Math.min(16, side / labels.length);
  const option: EChartsOption = {
    legend: {
      ...legendStyle,
      ...lineLegend,
      orient: "vertical",
      left: left + side + 8,
      top: top + 8,
      itemWidth: 22,
      itemGap: Math.max(0, row - 12),
      padding: 0,
      textStyle: { ...legendStyle.textStyle, fontSize: row < 12 ? TYPE - 2 : TYPE - 1 },
    },
    grid: { left, top: top + 8, width: side, height: side },
    xAxis: { ...unitAxis, name: x, nameGap: 22 },
    yAxis: { ...unitAxis, name: y, nameGap: 32 },
    series: labels.map((label, i): LineSeriesOption => ({
      type: "line",
      name: named(i),
      // A class that does not occur has no curve, but a legend entry.
      data: Number.isNaN(areaOf(perClass[i])) ? [] : points(perClass[i]),
      silent: true,
      emphasis: { disabled: true },
      step,
      showSymbol: false,
      symbol: "none",
      itemStyle: { color: classColour(label, false) },
      lineStyle: { color: classColour(label, false), width: 1.25, type: dashOf(i) },
      ...(i === 0 && areaOf === roc.area ? { markLine: diagonal } : {}),
    })),
  };
  return { option, width, height: top + 8 + side + bottom };
}

/** Chance level. */
export const diagonal: NonNullable<LineSeriesOption["markLine"]> = {
  symbol: "none",
  silent: true,
  lineStyle: { color: faint, type: [1, 3], width: 0.75 },
  label: { show: false },
  data: [[{ coord: [0, 0] }, { coord: [1, 1] }]],
};

function area(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value < 1 && value > 0.9995 ? ">0.999" : value.toFixed(3);
}
