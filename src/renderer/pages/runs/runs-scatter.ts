/** Two columns of the table of runs against each other: one point for each run that has both numbers. */
import type { EChartsOption } from "echarts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import type { Tokens } from "../../theme/tokens.ts";
import type { RunColumn } from "./columns.ts";

export interface RunPoint {
  run: number;
  x: number;
  y: number;
  /** Texts of both values, as in the table. */
  texts: [string, string];
}

/** Returns the columns that can be an axis. */
export function axisColumns(columns: readonly RunColumn[]): RunColumn[] {
  return columns.filter(({ numeric, comparable = numeric, key }) => comparable && key !== "run");
}

/** Returns a point for each run with both numbers. */
export function runPoints(runs: readonly RunOverview[], x: RunColumn, y: RunColumn): RunPoint[] {
  return runs.flatMap((run) => {
    const [across, up] = [x.value(run), y.value(run)];
    if (typeof across !== "number" || typeof up !== "number") return [];
    return [{ run: run.id, x: across, y: up, texts: [x.text(run), y.text(run)] as [string, string] }];
  });
}

/** A linear axis would press values of several magnitudes, such as learning rates, into one corner. */
const MAX_LINEAR_RATIO = 50;

export function isLogarithmic(values: readonly number[]): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > 0 && high / low > MAX_LINEAR_RATIO;
}

export function scatterOption(points: readonly RunPoint[], x: RunColumn, y: RunColumn, t: Tokens): EChartsOption {
  const axis = (column: RunColumn, values: readonly number[], nameGap: number): object => ({
    type: isLogarithmic(values) ? "log" : "value",
    scale: true,
    name: column.percent ? `${column.title} (%)` : column.title,
    nameLocation: "middle",
    nameGap,
  });
  return {
    animation: false,
    grid: { left: 44, right: 16, top: 10, bottom: 30, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: (params) => {
        const { dataIndex } = Array.isArray(params) ? params[0] : params;
        const { run, texts } = points[dataIndex];
        return `Run ${run}: ${x.title} <b>${texts[0]}</b>, ${y.title} <b>${texts[1]}</b>`;
      },
    },
    xAxis: axis(
      x,
      points.map((point) => point.x),
      28,
    ),
    yAxis: axis(
      y,
      points.map((point) => point.y),
      52,
    ),
    series: [
      {
        type: "scatter",
        data: points.map((point) => [point.x, point.y]),
        cursor: "pointer",
        symbolSize: points.length > 500 ? 5 : 9,
        itemStyle: { color: t.accent, opacity: 0.7 },
      },
    ],
  };
}
