/** The app's theme for charts. */
import { fonts, tokens } from "../theme/tokens.ts";

/** An ECharts theme: https://echarts.apache.org/en/theme-builder.html */
export function chartTheme(mode: "light" | "dark"): object {
  const t = tokens[mode];
  const axis = {
    axisLine: { show: true, lineStyle: { color: t.edge } },
    axisTick: { show: true, lineStyle: { color: t.edge } },
    axisLabel: { color: t.faint, fontFamily: fonts.body },
    splitLine: { lineStyle: { color: t.line } },
    splitArea: { show: false },
    nameTextStyle: { color: t.faint },
  };
  return {
    color: [t.accent, t.faint, t.warning, t.success, t.danger],
    backgroundColor: "transparent",
    textStyle: { color: t.ink, fontFamily: fonts.body },
    title: { textStyle: { color: t.ink, fontSize: 14, fontWeight: 600 }, subtextStyle: { color: t.faint } },
    legend: { textStyle: { color: t.faint } },
    tooltip: {
      backgroundColor: t.surface,
      borderColor: t.line,
      textStyle: { color: t.ink, fontFamily: fonts.body },
    },
    categoryAxis: axis,
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
    line: { symbol: "none", lineStyle: { width: 1.5 } },
    bar: { itemStyle: { borderRadius: [2, 2, 0, 0] } },
  };
}
