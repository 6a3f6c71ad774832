/**
 * Renders charts as SVG by ECharts, without a window, for exported figures and reports. The background is white,
 * whatever the theme of the app.
 */
import type { EChartsOption } from "echarts";

export interface FigureSize {
  /** In CSS pixels. */
  width: number;
  height: number;
}

const ink = "#1b2024";
const faint = "#59636c";

/** The first font ships with the app and is used for PNGs (svg-to-png.ts). */
export const FIGURE_FONT = "Inter, 'Helvetica Neue', Arial, sans-serif";

const axis = {
  axisLine: { show: true, lineStyle: { color: faint } },
  axisTick: { show: true, lineStyle: { color: faint } },
  axisLabel: { color: faint, fontFamily: FIGURE_FONT },
  nameTextStyle: { color: faint, fontFamily: FIGURE_FONT },
  splitLine: { lineStyle: { color: "#e1e4e5" } },
  splitArea: { show: false },
};

const theme = {
  backgroundColor: "#ffffff",
  textStyle: { color: ink, fontFamily: FIGURE_FONT },
  title: { textStyle: { color: ink, fontSize: 15, fontWeight: 600 }, subtextStyle: { color: faint, fontSize: 12 } },
  legend: { textStyle: { color: ink } },
  categoryAxis: axis,
  valueAxis: axis,
  logAxis: axis,
  line: { symbol: "none", lineStyle: { width: 1.5 } },
};

/**
 * @param option of ECharts, without animation or interaction
 * @returns an SVG document
 */
export async function renderChart(option: EChartsOption, { width, height }: FigureSize): Promise<string> {
  // Imported here: commands without figures need not wait for it.
  const { init } = await import("echarts");
  const chart = init(null, theme, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
