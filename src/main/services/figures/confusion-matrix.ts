/**
 * Draws confusion matrices, with beats and share of the true class in each cell, and the difference of two matrices.
 */
import type { EChartsOption } from "echarts";
import type { ConfusionMatrix } from "../../../contract/domain/evaluation.ts";
import { printFigure } from "./print-figure.ts";
import { faint, hairline, ink, pixels, TYPE, type Drawing, type Figure } from "./sheet.ts";

/** One hue from background to accent: lightness orders the values. */
const colours = ["#ffffff", "#b9dcdd", "#4f9da2", "#0b6e75", "#064045"];
/** Share of a cell from which white text has more contrast than dark text. */
const DARK_FROM = 0.6;
/** Least side of a cell with two lines of text, in CSS pixels. */
const ROOM_FOR_TWO_LINES = 26;
const quiet = "#a9b1b7";

/** Colours of decrease and increase, of equal lightness: the sign in the cell tells them apart without colour. */
const differences = ["#a8500a", "#f0c9a4", "#ffffff", "#a9cbe8", "#0b5a94"];

/**
 * @param matrix row = true class, column = predicted class
 * @param title of the figure, with the run's name
 * @returns an SVG document
 */
export async function confusionMatrixFigure(
  matrix: ConfusionMatrix,
  labels: readonly string[],
  title: string,
): Promise<string> {
  const { svg } = await printFigure(confusionMatrix(matrix, labels, title), "confusion", { titled: true });
  return svg;
}

/** @param name of the file */
export function confusionMatrix(
  matrix: ConfusionMatrix,
  labels: readonly string[],
  title: string,
  name = "confusion-matrix",
): Figure {
  const shares = sharesOf(matrix);
  return {
    name,
    title,
    caption:
      "Rows: true class; columns: predicted class. Each cell holds its number of test beats and their share of the true class, which is also its colour (normalised by row: the diagonal is the sensitivity). Small cells hold the share alone.",
    width: widthFor(labels.length),
    draw: (width, top) =>
      heatmap(labels, width, top, {
        values: shares,
        range: [0, 1],
        colours,
        ends: ["100 %", "0 %"],
        cell: (truth, predicted, small) => {
          const [count, share] = [matrix[truth][predicted], shares[truth][predicted]];
          const color = count === 0 ? quiet : share > DARK_FROM ? "#ffffff" : ink;
          if (small) return { color, lines: count === 0 ? [] : [wholePercent(share)] };
          return { color, lines: count === 0 ? ["0"] : [String(count), percent(share)] };
        },
      }),
  };
}

/** @param names of the two runs; both were tested on the same test set, or their shares would not be comparable */
export function confusionDifference(
  [one, other]: readonly [ConfusionMatrix, ConfusionMatrix],
  labels: readonly string[],
  names: [string, string],
): Figure {
  const [first, second] = [sharesOf(one), sharesOf(other)];
  const points = second.map((row, truth) => row.map((share, predicted) => 100 * (share - first[truth][predicted])));
  const most = Math.max(1, ...points.flat().map(Math.abs));
  return {
    name: "confusion-difference",
    title: `${names[1]} minus ${names[0]}`,
    caption: `Difference of the shares of each true class, in percentage points: ${names[1]} minus ${names[0]}. On the diagonal higher is better, elsewhere lower is better. Cells without a difference are empty.`,
    width: widthFor(labels.length),
    draw: (width, top) =>
      heatmap(labels, width, top, {
        values: points,
        range: [-most, most],
        colours: differences,
        ends: [`+${most.toFixed(0)}`, `−${most.toFixed(0)}`],
        cell: (truth, predicted, small) => {
          const value = points[truth][predicted];
          const color = Math.abs(value) > DARK_FROM * most ? "#ffffff" : ink;
          return { color, lines: value === 0 ? [] : [signed(value, small ? 0 : 1)] };
        },
      }),
  };
}

function sharesOf(matrix: ConfusionMatrix): number[][] {
  return matrix.map((row) => {
    const beats = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (beats === 0 ? 0 : count / beats));
  });
}

/** Widths in mm: a journal's column for few classes, its page for many. */
function widthFor(classes: number): number {
  return classes <= 6 ? 85 : 180;
}

interface Cells {
  /** Rows of true classes. */
  values: number[][];
  range: [number, number];
  colours: string[];
  /** Labels of the upper and lower end of the scale. */
  ends: [string, string];
  /** @param small whether the cell has room for one line alone */
  cell: (truth: number, predicted: number, small: boolean) => { color: string; lines: string[] };
}

function heatmap(labels: readonly string[], width: number, top: number, cells: Cells): Drawing {
  const [left, right, above] = [46, 56, 40];
  const cell = Math.min(52, (width - left - right) / labels.length);
  const side = cell * labels.length;
  const small = cell < ROOM_FOR_TWO_LINES;
  const data = cells.values.flatMap((row, truth) =>
    row.map((value, predicted) => {
      const { color, lines } = cells.cell(truth, predicted, small);
      return { value: [predicted, truth, value], label: { color, formatter: lines.join("\n") } };
    }),
  );
  const axis = {
    type: "category" as const,
    data: [...labels],
    splitLine: { show: false },
    axisTick: { show: false },
    axisLabel: { fontSize: Math.min(TYPE + 1, cell / 1.4), fontWeight: 600 as const, color: ink, interval: 0 },
    nameTextStyle: { fontSize: TYPE, color: ink },
    nameLocation: "middle" as const,
  };
  const type = small ? cell / 2.6 : Math.min(TYPE, cell / 4);
  const option: EChartsOption = {
    grid: { left, top: top + above, width: side, height: side },
    xAxis: { ...axis, position: "top", name: "predicted class", nameGap: 22 },
    yAxis: { ...axis, inverse: true, name: "true class", nameGap: 30 },
    visualMap: {
      type: "continuous",
      min: cells.range[0],
      max: cells.range[1],
      dimension: 2,
      calculable: false,
      left: left + side + 14,
      top: top + above,
      itemHeight: Math.min(110, side - 40),
      itemWidth: 9,
      text: cells.ends,
      textStyle: { color: faint, fontSize: TYPE - 1 },
      inRange: { color: cells.colours },
    },
    series: [
      {
        type: "heatmap",
        data,
        silent: true,
        emphasis: { disabled: true },
        encode: { x: 0, y: 1, value: 2 },
        itemStyle: { borderColor: hairline, borderWidth: 1 },
        label: { show: true, fontSize: type, lineHeight: type + 2 },
      },
    ],
  };
  return { option, width: Math.max(width, pixels(60)), height: Math.ceil(top + above + side + 10) };
}

function percent(share: number): string {
  const value = 100 * share;
  if (value >= 99.95) return share === 1 ? "100 %" : ">99.9 %";
  return value < 0.05 ? "<0.1 %" : `${value.toFixed(1)} %`;
}

function wholePercent(share: number): string {
  const value = 100 * share;
  if (value >= 99.5) return share === 1 ? "100" : ">99";
  return value < 0.5 ? "<1" : value.toFixed(0);
}

function signed(value: number, digits: number): string {
  return `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(digits)}`;
}
