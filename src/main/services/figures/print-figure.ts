/**
 * Prints a figure as SVG, alone or in a page: the same bytes each time, a size in millimetres, and a text alternative.
 */
import { renderChart } from "./render-chart.ts";
import { ink, pixels, type Figure } from "./sheet.ts";

const TITLE_HEIGHT_PX = 26;

export interface PrintOptions {
  /** In mm; the figure's default width where absent. */
  width?: number | undefined;
  /** Whether the title is drawn above the figure, for use without a caption. */
  titled: boolean;
}

export interface PrintedFigure {
  name: string;
  title: string;
  caption: string;
  svg: string;
  /** In CSS pixels. */
  width: number;
  height: number;
}

/** @param prefix of the ids in the SVG, so that several figures fit in one page */
export async function printFigure(figure: Figure, prefix: string, options: PrintOptions): Promise<PrintedFigure> {
  const { width: mm = figure.width, titled } = options;
  const { option, width, height } = figure.draw(pixels(mm), titled ? TITLE_HEIGHT_PX : 0);
  const title = {
    text: figure.title,
    left: 4,
    top: 4,
    textStyle: { color: ink, fontSize: 12, fontWeight: 600 as const },
  };
  const drawn = await renderChart({ ...(titled ? { title } : {}), ...option }, { width, height });
  const svg = settled(drawn, prefix).replace(
    /^<svg [^>]*>/,
    `<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="${mm}mm" height="${round((height / width) * mm)}mm" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(figure.title)}">` +
      `<desc>${escapeXml(figure.caption)}</desc>`,
  );
  const { name, caption } = figure;
  return { name, title: figure.title, caption, svg, width, height };
}

/** Replaces ids, which ECharts counts up from drawing to drawing, and removes marks for scripts and pointers. */
function settled(svg: string, prefix: string): string {
  const numbers = new Map<string, number>();
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, "")
    .replaceAll(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, "")
    .replaceAll(/(\bid="|url\(#)(zr\d+-\w+)/g, (_, before: string, id: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      return `${before}${prefix}-${numbers.get(id)}`;
    });
}

export function escapeXml(text: string): string {
  return (
    text
      // Characters that XML 1.0 does not allow, and lone surrogates.
      .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
  );
}

function round(mm: number): number {
  return Math.round(mm * 100) / 100;
}
