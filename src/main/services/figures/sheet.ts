/** Style of all printed figures: sizes in millimetres, small type, lines that can be distinguished without colour. */
import type { EChartsOption } from "echarts";

/** Type size in CSS pixels (96 per inch): 10 px are 7.5 points. */
export const TYPE = 10;

export const ink = "#1b2024";
export const faint = "#59636c";
export const hairline = "#e1e4e5";

const PIXELS_PER_MM = 96 / 25.4;

export function pixels(mm: number): number {
  return Math.round(mm * PIXELS_PER_MM);
}

/** A chart before it is drawn. */
export interface Drawing {
  option: EChartsOption;
  /** In CSS pixels. */
  width: number;
  height: number;
}

/** A figure that can be drawn at any width. */
export interface Figure {
  /** Name of its file, such as `confusion-matrix`. */
  name: string;
  /** Short title. */
  title: string;
  /** Explains the figure in sentences. */
  caption: string;
  /** Default width, in mm. */
  width: number;
  /** @param width in CSS pixels @param top free space above, in CSS pixels */
  draw: (width: number, top: number) => Drawing;
}

/**
 * Distinguishes runs by colour (after Okabe & Ito, for any colour vision), shape and dashes; the first 280 runs all
 * differ.
 */
const runColours = ["#0072b2", "#d55e00", "#009e73", "#a84f86", "#3a3a3a", "#8a6d00", "#4a8fc0", "#b00020"];
const shapes = ["circle", "rect", "triangle", "diamond", "pin", "arrow", "emptyCircle"];
const dashes: (number[] | "solid")[] = ["solid", [6, 2], [2, 2], [8, 2, 2, 2], [4, 4]];

export function runColour(place: number): string {
  return runColours[place % runColours.length];
}

export function runShape(place: number): string {
  return shapes[place % shapes.length];
}

export function dashOf(place: number): number[] | "solid" {
  return dashes[place % dashes.length];
}

/** Line, ticks and names of an axis. */
export const axisStyle = {
  axisLine: { show: true, lineStyle: { color: faint } },
  axisTick: { show: true, length: 3, lineStyle: { color: faint } },
  axisLabel: { color: ink, fontSize: TYPE },
  nameTextStyle: { color: ink, fontSize: TYPE },
  nameLocation: "middle" as const,
  splitLine: { show: true, lineStyle: { color: hairline, width: 0.5 } },
};

/** Axis from 0 to 1. */
export const unitAxis = {
  ...axisStyle,
  type: "value" as const,
  min: 0,
  max: 1,
  interval: 0.25,
  axisLabel: { ...axisStyle.axisLabel, formatter: (value: number): string => value.toFixed(2) },
};

/** Legend of lines: shows dashes without marks. */
export const lineLegend = { itemStyle: { opacity: 0 } };

export const legendStyle = {
  itemWidth: 24,
  itemHeight: 8,
  itemGap: 18,
  textStyle: { color: ink, fontSize: TYPE },
  selectedMode: false,
} as const;

/** Returns the number of lines of a legend above a plot. */
export function legendRows(names: readonly string[], width: number): number {
  let [rows, used] = [1, 0];
  for (const name of names) {
    const needed = legendStyle.itemWidth + legendStyle.itemGap + 8 + name.length * TYPE * 0.62;
    if (used > 0 && used + needed > width) {
      rows++;
      used = 0;
    }
    used += needed;
  }
  return rows;
}
