/** F1 of each class by epoch, as a heat map: which classes the network learns, and when. */
import type { EChartsOption } from "echarts";
import type { EpochMetrics } from "../../contract/domain/training.ts";
import { formatMetric } from "../base/format.ts";
import { classColour } from "../theme/class-colours.ts";
import type { Tokens } from "../theme/tokens.ts";

/** Columns beyond this number are too narrow to see. */
const MAX_COLUMNS = 200;

export interface F1Column {
  /** Last epoch of the column. */
  epoch: number;
  /** F1 of each class, 0 to 1: mean over the epochs of the column. */
  f1: number[];
}

/** @returns at most `maxColumns` columns, each the mean of consecutive epochs; epochs without metrics are left out */
export function f1Columns(
  epochs: readonly Pick<EpochMetrics, "epoch" | "validationF1">[],
  maxColumns = MAX_COLUMNS,
): F1Column[] {
  const known = epochs.filter(({ validationF1 }) => validationF1.length > 0);
  const count = Math.min(maxColumns, known.length);
  return Array.from({ length: count }, (_, i) => {
    const stretch = known.slice(Math.floor((i * known.length) / count), Math.floor(((i + 1) * known.length) / count));
    const f1 = stretch[0].validationF1.map(
      (_value, label) => stretch.reduce((sum, each) => sum + each.validationF1[label], 0) / stretch.length,
    );
    return { epoch: stretch.at(-1)!.epoch, f1 };
  });
}

export function f1HeatMapOption(
  columns: readonly F1Column[],
  labels: readonly string[],
  t: Tokens,
  dark: boolean,
): EChartsOption {
  return {
    animation: false,
    grid: { left: 8, right: 92, top: 6, bottom: 26, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: (params) => {
        const { value } = Array.isArray(params) ? params[0] : params;
        // Values of the series below.
        const [column, label, f1] = value as [number, number, number];
        return `Class ${labels[label]}, epoch ${columns[column]?.epoch}: F1 <b>${formatMetric(f1)}</b>`;
      },
    },
    xAxis: {
      type: "category",
      name: "Epoch",
      nameLocation: "middle",
      nameGap: 28,
      data: columns.map(({ epoch }) => epoch.toLocaleString("en-US")),
      axisTick: { show: false },
      axisLabel: { hideOverlap: true },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...labels],
      axisTick: { show: false },
      axisLabel: {
        interval: 0,
        color: t.ink,
        formatter: (_label: string, i: number) => `${labels[i]} {c${i}|■}`,
        rich: Object.fromEntries(
          labels.map((label, i) => [`c${i}`, { color: classColour(label, dark), fontSize: 13 }]),
        ),
      },
    },
    visualMap: {
      type: "continuous",
      min: 0,
      max: 1,
      calculable: false,
      orient: "vertical",
      right: 8,
      top: "middle",
      itemHeight: 96,
      itemWidth: 10,
      text: ["F1 100 %", "0 %"],
      textStyle: { color: t.faint },
      // Not the background: a cell with an F1 of 0 must be visible.
      inRange: { color: [t.line, t.accent] },
    },
    series: [
      {
        id: "f1",
        type: "heatmap",
        data: columns.flatMap(({ f1 }, column) => f1.map((value, label) => [column, label, value])),
        itemStyle: { borderColor: t.surface, borderWidth: columns.length > 80 ? 0 : 1 },
        emphasis: { itemStyle: { borderColor: t.ink, borderWidth: 1 } },
      },
    ],
  };
}
