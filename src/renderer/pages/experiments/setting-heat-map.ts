/** A validation metric by the values of two settings, as a heat map. */
import type { EChartsOption } from "echarts";
import type { SearchResults } from "../../../contract/domain/experiments.ts";
import type { Tokens } from "../../theme/tokens.ts";

export interface HeatCell {
  /** Groups of the two settings, as indices. */
  x: number;
  y: number;
  /** Mean of the metric over the runs of the cell. */
  mean: number;
  runs: number;
}

/** Returns the mean of the metric for each pair of groups that has runs. @param x, y indices of two settings */
export function heatCells({ values, settings }: SearchResults, x: number, y: number): HeatCell[] {
  const cells = new Map<string, { x: number; y: number; sum: number; runs: number }>();
  values.forEach((value, run) => {
    const [column, row] = [settings[x].group[run], settings[y].group[run]];
    const cell = cells.get(`${column},${row}`) ?? { x: column, y: row, sum: 0, runs: 0 };
    cells.set(`${column},${row}`, { ...cell, sum: cell.sum + value, runs: cell.runs + 1 });
  });
  return [...cells.values()].map(({ sum, runs, ...at }) => ({ ...at, mean: sum / runs, runs }));
}

export interface HeatMap {
  cells: readonly HeatCell[];
  /** Title and labels of the groups of each axis. */
  x: { title: string; labels: readonly string[] };
  y: { title: string; labels: readonly string[] };
  /** Name and format of the metric. */
  metric: string;
  format: (value: number) => string;
  /** Whether the lowest value is the best: the best is the strongest colour. */
  lowestIsBest: boolean;
}

export function settingHeatMapOption({ cells, x, y, metric, format, lowestIsBest }: HeatMap, t: Tokens): EChartsOption {
  const means = cells.map(({ mean }) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const axis = { type: "category" as const, nameLocation: "middle" as const, axisTick: { show: false } };
  return {
    animation: false,
    grid: { left: 36, right: 110, top: 6, bottom: 30, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: (params) => {
        const { value } = Array.isArray(params) ? params[0] : params;
        // Values of the series below.
        const [column, row, mean, runs] = value as [number, number, number, number];
        const of = runs === 1 ? "1 run" : `mean of ${runs} runs`;
        return `${x.title} ${x.labels[column]}, ${y.title} ${y.labels[row]}: <b>${format(mean)}</b> (${of})`;
      },
    },
    xAxis: { ...axis, name: x.title, nameGap: 30, data: [...x.labels] },
    yAxis: { ...axis, name: y.title, nameGap: 60, data: [...y.labels] },
    visualMap: {
      type: "continuous",
      dimension: 2,
      min: low,
      max: high,
      calculable: false,
      orient: "vertical",
      right: 8,
      top: "middle",
      itemHeight: 96,
      itemWidth: 10,
      text: [format(high), format(low)],
      textStyle: { color: t.faint },
      inRange: { color: lowestIsBest ? [t.accent, t.line] : [t.line, t.accent] },
    },
    series: [
      {
        id: metric,
        type: "heatmap",
        data: cells.map(({ x: column, y: row, mean, runs }) => [column, row, mean, runs]),
        itemStyle: { borderColor: t.surface, borderWidth: 2 },
        emphasis: { itemStyle: { borderColor: t.ink, borderWidth: 1 } },
      },
    ],
  };
}
