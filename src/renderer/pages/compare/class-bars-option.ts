/** Bar chart of F1 by class on the test set, one bar per run. */
import type { EChartsOption } from "echarts";
import type { ComparedRun } from "../../../contract/domain/comparison.ts";
import { classColour } from "../../theme/class-colours.ts";
import type { Tokens } from "../../theme/tokens.ts";
import type { RunStyle } from "./run-styles.ts";

/** Returns the classes of all runs, in the order of the first run that has each. */
export function classLabels(runs: readonly ComparedRun[]): string[] {
  return [...new Set(runs.flatMap(({ labels }) => labels))];
}

export function f1Of({ test }: ComparedRun, label: string): number | null {
  const found = test?.perClass.find((each) => each.label === label);
  return found === undefined || found.support === 0 ? null : found.f1;
}

export function classBarsOption(
  runs: readonly ComparedRun[],
  styles: readonly RunStyle[],
  dark: boolean,
  t: Tokens,
): EChartsOption {
  const labels = classLabels(runs);
  const rich = Object.fromEntries(
    labels.map((label, i) => [`c${i}`, { color: classColour(label, dark), fontWeight: 700 as const }]),
  );
  return {
    animation: false,
    legend: { top: 0, right: 16, itemWidth: 12, itemHeight: 12, icon: "rect", textStyle: { color: t.ink } },
    grid: { left: 8, right: 16, top: 34, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow" },
      valueFormatter: (value) => (typeof value === "number" ? `${value.toFixed(2)} %` : "–"),
    },
    xAxis: {
      type: "category",
      data: labels,
      name: "Class",
      nameLocation: "middle",
      nameGap: 28,
      axisTick: { show: false },
      axisLabel: { interval: 0, formatter: (label: string) => `{c${labels.indexOf(label)}|■} ${label}`, rich },
    },
    yAxis: { type: "value", name: "F1 (%)", nameLocation: "middle", nameGap: 40, min: 0, max: 100 },
    series: runs.map((run, i) => ({
      type: "bar" as const,
      name: `Run ${run.id}`,
      color: styles[i].colour,
      barGap: "10%",
      barCategoryGap: "25%",
      itemStyle: { borderColor: t.surface, borderWidth: 0 },
      data: labels.map((label) => {
        const f1 = f1Of(run, label);
        return f1 === null ? "-" : 100 * f1;
      }),
    })),
  };
}
