/** Two columns of the table of runs against each other: one point for each run that has both numbers. */
import type { EChartsOption } from "echarts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { percentRange } from "../../charts/percent-range.ts";
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

/** Returns the order in which a keyboard goes through the points: along the horizontal axis, then up. */
export function pointOrder(points: readonly RunPoint[]): number[] {
  return points.map((_, i) => i).sort((a, b) => points[a].x - points[b].x || points[a].y - points[b].y);
}

const keySteps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * Returns the point that a key goes to.
 * @param active index of the present point; null: none yet
 * @returns null for another key
 */
export function pointByKey(key: string, order: readonly number[], active: number | null): number | null {
  if (!Object.hasOwn(keySteps, key) || order.length === 0) return null;
  const at = active === null ? -1 : order.indexOf(active);
  return order[keySteps[key](at, order.length - 1)];
}

/** `Run 3: Batch size 64, Macro F1 88.57 %` */
export function pointText({ run, texts }: RunPoint, x: RunColumn, y: RunColumn): string {
  return `Run ${run}: ${x.title} ${texts[0]}, ${y.title} ${texts[1]}`;
}

interface ScatterOptions {
  points: readonly RunPoint[];
  x: RunColumn;
  y: RunColumn;
  /** Index of the point that the keyboard has selected; null: none. */
  active: number | null;
  tokens: Tokens;
}

export function scatterOption({ points, x, y, active, tokens: t }: ScatterOptions): EChartsOption {
  const dots = points.map((point) => [point.x, point.y]);
  return {
    animation: false,
    grid: { left: 44, right: 16, top: 10, bottom: 30, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: (params) => {
        const { dataIndex, seriesIndex } = Array.isArray(params) ? params[0] : params;
        const { run, texts } = points[seriesIndex === 0 ? dataIndex : (active ?? 0)];
        return `Run ${run}: ${x.title} <b>${texts[0]}</b>, ${y.title} <b>${texts[1]}</b>`;
      },
    },
    xAxis: axisOf(
      x,
      points.map((point) => point.x),
      28,
    ),
    yAxis: axisOf(
      y,
      points.map((point) => point.y),
      52,
    ),
    series: [
      {
        type: "scatter",
        data: dots,
        cursor: "pointer",
        symbolSize: points.length > 500 ? 5 : 9,
        itemStyle: { color: t.accent, opacity: 0.7 },
      },
      {
        type: "scatter",
        data: active === null ? [] : [dots[active]],
        silent: true,
        symbolSize: 16,
        itemStyle: { color: "transparent", borderColor: t.ink, borderWidth: 2 },
      },
    ],
  };
}

/** @param nameGap distance of the axis from its name, in pixels */
function axisOf(column: RunColumn, values: readonly number[], nameGap: number): object {
  const name = column.unit === undefined ? column.title : `${column.title} (${column.unit})`;
  const common = { name, nameLocation: "middle", nameGap, axisTick: { show: true } };
  if (column.percent) return { ...common, type: "value", ...percentRange(values) };
  return { ...common, type: isLogarithmic(values) ? "log" : "value", scale: true };
}
