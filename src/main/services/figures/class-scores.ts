/** F1 of each class: of one run as bars in class colours, of several runs as marks side by side. */
import type { EChartsOption, ScatterSeriesOption } from "echarts";
import { classColour } from "../../../contract/domain/class-colours.ts";
import {
  axisStyle,
  hairline,
  ink,
  legendRows,
  legendStyle,
  runColour,
  runShape,
  TYPE,
  unitAxis,
  type Drawing,
  type Figure,
} from "./sheet.ts";

export interface ScoredRun {
  name: string;
  /** F1 by class, from 0 to 1; null for a class that neither occurs nor is predicted. */
  scores: ReadonlyMap<string, number | null>;
}

export function classScores(runs: readonly ScoredRun[]): Figure {
  const labels = [...new Set(runs.flatMap(({ scores }) => [...scores.keys()]))];
  const one = runs.length === 1;
  return {
    name: "f1-by-class",
    title: one ? `F1 of each class, ${runs[0].name}` : "F1 of each class on the test set",
    caption: `F1, the harmonic mean of sensitivity and PPV, of each class on the test set${one ? "" : "; one mark for each run"}. A class without ${one ? "a bar" : "marks"} neither occurs nor is predicted.`,
    width: 180,
    draw: (width, top) => (one ? bars(runs[0], labels, width, top) : marks(runs, labels, width, top)),
  };
}

const PLOT_HEIGHT_PX = 150;
const [LEFT, RIGHT, BOTTOM] = [42, 10, 38];

const yAxis = { ...unitAxis, name: "F1", nameGap: 30 };

function bars({ scores }: ScoredRun, labels: readonly string[], width: number, top: number): Drawing {
  const above = top + 18;
  const digits = (width - LEFT - RIGHT) / labels.length < 30 ? 2 : 3;
  const option: EChartsOption = {
    grid: { left: LEFT, right: RIGHT, top: above, height: PLOT_HEIGHT_PX },
    xAxis: {
      ...axisStyle,
      type: "category",
      data: [...labels],
      name: "class",
      nameGap: 22,
      axisLabel: { ...axisStyle.axisLabel, interval: 0, fontWeight: 600 },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis,
    series: [
      {
        type: "bar",
        silent: true,
        emphasis: { disabled: true },
        barMaxWidth: 26,
        barCategoryGap: "35%",
        data: labels.map((label) => ({
          value: scores.get(label) ?? "-",
          itemStyle: { color: classColour(label, false), borderRadius: 0 },
        })),
        label: {
          show: true,
          position: "top",
          distance: 3,
          color: ink,
          fontSize: digits === 2 ? TYPE - 2 : TYPE - 1,
          formatter: ({ value }) => (typeof value === "number" ? value.toFixed(digits) : ""),
        },
      },
    ],
  };
  return { option, width, height: above + PLOT_HEIGHT_PX + BOTTOM };
}

function marks(runs: readonly ScoredRun[], labels: readonly string[], width: number, top: number): Drawing {
  const rows = legendRows(
    runs.map(({ name }) => name),
    width - LEFT,
  );
  const above = top + 10 + 16 * rows;
  // Marks of one class lie side by side, in the order of the legend.
  const offset = (place: number): number => ((place + 0.5) / runs.length - 0.5) * 0.7;
  const option: EChartsOption = {
    legend: { ...legendStyle, itemWidth: 12, top: top + 2, left: LEFT - 4 },
    grid: { left: LEFT, right: RIGHT, top: above, height: PLOT_HEIGHT_PX },
    xAxis: {
      ...axisStyle,
      type: "value",
      min: -0.5,
      max: labels.length - 0.5,
      // Ticks are counted from the minimum: every second tick is at a class.
      interval: 0.5,
      name: "class",
      nameGap: 22,
      axisLabel: {
        ...axisStyle.axisLabel,
        fontWeight: 600,
        formatter: (value: number) => (Number.isInteger(value) ? (labels[value] ?? "") : ""),
      },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: { ...yAxis, axisLine: { ...axisStyle.axisLine, onZero: false } },
    series: runs.map(({ name, scores }, place) => ({
      type: "scatter" as const,
      name,
      silent: true,
      emphasis: { disabled: true },
      symbol: runShape(place),
      symbolSize: 7,
      itemStyle: { color: runColour(place), opacity: 1 },
      data: labels.flatMap((label, i) => {
        const score = scores.get(label) ?? null;
        return score === null ? [] : [[i + offset(place), score]];
      }),
      ...(place === 0 ? { markLine: betweenClasses(labels.length) } : {}),
    })),
  };
  return { option, width, height: above + PLOT_HEIGHT_PX + BOTTOM };
}

function betweenClasses(classes: number): NonNullable<ScatterSeriesOption["markLine"]> {
  return {
    symbol: "none",
    silent: true,
    lineStyle: { color: hairline, type: "solid", width: 0.5 },
    label: { show: false },
    data: Array.from({ length: classes - 1 }, (_, i) => ({ xAxis: i + 0.5 })),
  };
}
