/** ROC and precision–recall curves of several runs overlaid, one panel for each class. */
import type { EChartsOption, LineSeriesOption } from "echarts";
import type { RunCurves } from "../../../contract/domain/comparison.ts";
import {
  dashOf,
  ink,
  legendRows,
  legendStyle,
  lineLegend,
  runColour,
  TYPE,
  unitAxis,
  type Drawing,
  type Figure,
} from "./sheet.ts";
import { diagonal, precisionRecall, roc, type ThresholdKind } from "./threshold-figures.ts";

export interface OverlaidRun {
  /** Name in the legend: `Run 3, ANN`. */
  name: string;
  curves: RunCurves;
}

export function thresholdOverlays(runs: readonly OverlaidRun[]): Figure[] {
  return [
    {
      name: "roc-by-class",
      title: "ROC curves by class and run",
      caption:
        "Receiver operating characteristic (ROC) of each class against all others, over all thresholds on its probability; one panel for each class, one line for each run. A run has no line for a class that does not occur in its test set.",
      width: 180,
      draw: (width, top) => draw(runs, roc, width, top),
    },
    {
      name: "precision-recall-by-class",
      title: "Precision–recall curves by class and run",
      caption:
        "PPV (precision) against sensitivity (recall) of each class, over all thresholds on its probability; one panel for each class, one line for each run. PPV falls with the prevalence of a class.",
      width: 180,
      draw: (width, top) => draw(runs, precisionRecall, width, top),
    },
  ];
}

const [LEFT, RIGHT, GAP, BOTTOM] = [46, 12, 12, 38];

const panelAxis = {
  ...unitAxis,
  interval: 0.5,
  axisLabel: { ...unitAxis.axisLabel, formatter: (value: number): string => value.toFixed(1) },
};

function draw(runs: readonly OverlaidRun[], kind: ThresholdKind, width: number, top: number): Drawing {
  const labels = [...new Set(runs.flatMap(({ curves }) => curves.labels))];
  const columns = width >= 420 ? 4 : 2;
  const rows = Math.ceil(labels.length / columns);
  const side = Math.floor((width - LEFT - RIGHT - GAP * (columns - 1)) / columns);
  const names = runs.map(({ name }) => name);
  const begin = top + 14 + 16 * legendRows(names, width - LEFT);
  // Only the outer panels have axis numbers.
  const isFirst = (i: number): boolean => i % columns === 0;
  const isLowest = (i: number): boolean => i + columns >= labels.length;
  const option: EChartsOption = {
    legend: { ...legendStyle, ...lineLegend, data: names, top: top + 2, left: LEFT - 4 },
    grid: labels.map((_, i) => ({
      left: LEFT + (i % columns) * (side + GAP),
      top: begin + Math.floor(i / columns) * (side + GAP),
      width: side,
      height: side,
    })),
    xAxis: labels.map((_, i) => ({
      ...panelAxis,
      gridIndex: i,
      // Within their panel: the numbers of the next panel begin where these end.
      axisLabel: { ...panelAxis.axisLabel, show: isLowest(i), alignMinLabel: "left", alignMaxLabel: "right" },
      ...(isLowest(i) ? { name: kind.x, nameGap: 22 } : {}),
    })),
    yAxis: labels.map((_, i) => ({
      ...panelAxis,
      gridIndex: i,
      axisLabel: { ...panelAxis.axisLabel, show: isFirst(i) },
      ...(isFirst(i) ? { name: kind.y, nameGap: 30 } : {}),
    })),
    series: labels.flatMap((label, i) => runs.map((run, position) => line({ run, position, kind, label, panel: i }))),
  };
  return { option, width, height: begin + rows * (side + GAP) - GAP + BOTTOM };
}

interface PanelLine {
  run: OverlaidRun;
  /** Position of the run, which determines its colour; the first run labels the panel. */
  position: number;
  kind: ThresholdKind;
  label: string;
  panel: number;
}

function line({ run: { name, curves }, position, kind, label, panel }: PanelLine): LineSeriesOption {
  const ofClass = curves.perClass[curves.labels.indexOf(label)];
  const color = runColour(position);
  return {
    type: "line",
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    data: ofClass === undefined || Number.isNaN(kind.area(ofClass)) ? [] : kind.points(ofClass),
    silent: true,
    emphasis: { disabled: true },
    step: kind.step,
    showSymbol: false,
    symbol: "none",
    itemStyle: { color },
    lineStyle: { color, width: 1.25, type: dashOf(position) },
    ...(position === 0 ? { markPoint: named(label, kind) } : {}),
    ...(position === 0 && kind === roc ? { markLine: diagonal } : {}),
  };
}

/** Labels a panel with its class, in the corner that good curves leave empty. */
function named(label: string, kind: ThresholdKind): NonNullable<LineSeriesOption["markPoint"]> {
  return {
    symbol: "rect",
    symbolSize: 0,
    silent: true,
    label: {
      formatter: () => label,
      color: ink,
      fontSize: TYPE + 1,
      fontWeight: 600,
      position: kind === roc ? "left" : "right",
    },
    data: [{ name: label, coord: [kind === roc ? 0.98 : 0.02, 0.08] }],
  };
}
