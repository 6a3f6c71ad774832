/** A figure as a document of its own or as part of a page: the same bytes each time, a size in millimetres, words for those who can't see it. */
import { renderChart } from "./render-chart.ts";
import { ink, pixels, type Figure } from "./sheet.ts";

const TITLE_HEIGHT = 26;

export interface PrintOptions {
  /** In mm; without it, as the figure is best seen. */
  width?: number | undefined;
  /** Its title above it: where no caption stands beside. */
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

/** @param prefix of the ids in it, so that several stand in one page */
export async function printFigure(figure: Figure, prefix: string, options: PrintOptions): Promise<PrintedFigure> {
  const { width: mm = figure.width, titled } = options;
  const { option, width, height } = figure.draw(pixels(mm), titled ? TITLE_HEIGHT : 0);
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

/** ECharts counts ids up from drawing to drawing, and leaves marks for scripts and pointers: neither belongs into a file. */
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
      // Characters that XML 1.0 has no place for, and halves of a pair.
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
