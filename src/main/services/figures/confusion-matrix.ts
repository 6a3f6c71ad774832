/** A confusion matrix as a figure: each cell's beats, coloured by their share of the true class. */
import type { EChartsOption } from "echarts";
import type { ConfusionMatrix } from "../../../contract/evaluation.ts";
import { renderChart } from "./render-chart.ts";

/** One hue, from the ground to the accent: the order of its lightness is the order of the values. */
const colours = ["#ffffff", "#b9dcdd", "#4f9da2", "#0b6e75", "#064045"];
/** Share of a cell from which white stands out from its colour more than ink does. */
const DARK_FROM = 0.6;

/**
 * @param matrix row = true class, column = predicted class
 * @param title what is seen, with the run's name
 * @returns an SVG document
 */
export function confusionMatrixFigure(
  matrix: ConfusionMatrix,
  labels: readonly string[],
  title: string,
): Promise<string> {
  const cell = Math.max(34, 64 - 2 * labels.length);
  const side = cell * labels.length;
  const [left, top] = [84, 92];
  return renderChart(option(matrix, labels, title, { left, top, side, cell }), {
    width: Math.max(420, left + side + 104),
    height: top + side + 28,
  });
}

interface Layout {
  left: number;
  top: number;
  side: number;
  cell: number;
}

function option(
  matrix: ConfusionMatrix,
  labels: readonly string[],
  title: string,
  { left, top, side, cell }: Layout,
): EChartsOption {
  const data = matrix.flatMap((row, truth) => {
    const beats = row.reduce((a, b) => a + b, 0);
    return row.map((count, predicted) => {
      const share = beats === 0 ? 0 : count / beats;
      const color = count === 0 ? "#a9b1b7" : share > DARK_FROM ? "#ffffff" : "#1b2024";
      return { value: [predicted, truth, share, count], label: { color } };
    });
  });
  const axis = { type: "category" as const, data: [...labels], splitLine: { show: false }, axisTick: { show: false } };
  const axisLabel = { fontSize: 13, color: "#1b2024", interval: 0 };
  const nameTextStyle = { fontSize: 12 };
  return {
    title: { text: title, left: 12, top: 10 },
    grid: { left, top, width: side, height: side },
    xAxis: {
      ...axis,
      axisLabel,
      nameTextStyle,
      position: "top",
      name: "predicted class",
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: {
      ...axis,
      axisLabel,
      nameTextStyle,
      inverse: true,
      name: "true class",
      nameLocation: "middle",
      nameGap: 40,
    },
    visualMap: {
      type: "continuous",
      min: 0,
      max: 1,
      dimension: 2,
      calculable: false,
      right: 16,
      top,
      itemHeight: Math.min(140, side),
      itemWidth: 12,
      text: ["100 %", "0 % of the\ntrue class"],
      textStyle: { color: "#59636c", fontSize: 11 },
      inRange: { color: colours },
    },
    series: [
      {
        type: "heatmap",
        data,
        encode: { x: 0, y: 1, value: 2 },
        itemStyle: { borderColor: "#e1e4e5", borderWidth: 1 },
        label: {
          show: true,
          fontSize: Math.min(13, Math.floor(cell / 3.2)),
          formatter: ({ value }) => String((value as number[])[3]),
        },
      },
    ],
  };
}
