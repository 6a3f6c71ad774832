/** Reliability curve: accuracy by probability of the predicted class, before and after the temperature. */
import type { EChartsOption } from "echarts";
import type { Calibration, Reliability } from "../../../contract/domain/calibration.ts";
import { formatInteger } from "../../base/format.ts";
import type { Tokens } from "../../theme/tokens.ts";

const PERCENT = 100;

export function reliabilityOption({ before, after }: Calibration, t: Tokens): EChartsOption {
  const line = (name: string, { bins }: Reliability, dashed: boolean) => ({
    type: "line" as const,
    name,
    symbolSize: 6,
    lineStyle: { type: dashed ? ("dashed" as const) : ("solid" as const) },
    data: bins.flatMap(({ confidence, accuracy, beats }) =>
      confidence === null || accuracy === null
        ? []
        : [{ value: [PERCENT * confidence, PERCENT * accuracy], name: `${formatInteger(beats)} beats` }],
    ),
  });
  return {
    animation: false,
    legend: { top: 0, right: 16, textStyle: { color: t.ink } },
    grid: { left: 8, right: 16, top: 34, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: { trigger: "item" },
    xAxis: {
      type: "value",
      name: "Probability of the predicted class (%)",
      nameLocation: "middle",
      nameGap: 28,
      min: 0,
      max: 100,
    },
    yAxis: { type: "value", name: "Accuracy (%)", nameLocation: "middle", nameGap: 40, min: 0, max: 100 },
    series: [
      line("Before", before, true),
      ...(after === null ? [] : [line("With temperature", after, false)]),
      {
        type: "line",
        name: "Perfect",
        color: t.faint,
        symbol: "none",
        silent: true,
        lineStyle: { width: 1 },
        data: [
          [0, 0],
          [100, 100],
        ],
      },
    ],
  };
}
