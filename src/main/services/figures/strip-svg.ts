/** Prints a strip of ECG paper at its true scale: 25 mm/s and 10 mm/mV. */
import { classColour } from "../../../contract/domain/class-colours.ts";
import { STRIP_UNITS_PER_MM, type StripDrawing } from "../../../contract/domain/strip-drawing.ts";
import { escapeXml, type PrintedFigure } from "./print-figure.ts";
import { faint, ink } from "./sheet.ts";

const CSS_PIXELS_PER_MM = 96 / 25.4;
const PAPER = "#fffaf8";
const FINE = "#f6ddd6";
const COARSE = "#e5ab9d";
const HIGHLIGHT = "#0b6e75";

/** Type sizes, in units of the drawing. */
const SYMBOL_TYPE = 320;
const INTERVAL_TYPE = 230;
const LEAD_TYPE = 300;

/** @param names name of the file, title and caption */
export function printStrip(
  drawing: StripDrawing,
  names: Pick<PrintedFigure, "name" | "title" | "caption">,
): PrintedFigure {
  const { width, height, top, fine, coarse, lanes, beats, intervals, highlight } = drawing;
  const mm = (units: number): number => units / STRIP_UNITS_PER_MM;
  const line = (path: string, stroke: string, weight: number): string =>
    `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${weight}" stroke-linejoin="round"/>`;
  const text = (x: number, y: number, size: number, fill: string, content: string, more = ""): string =>
    `<text x="${x}" y="${y}" font-family="Inter" font-size="${size}" fill="${fill}"${more}>${escapeXml(content)}</text>`;
  const middle = ' text-anchor="middle"';
  const wide = Math.max(highlight.to - highlight.from, STRIP_UNITS_PER_MM);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="${mm(width)}mm" height="${mm(height)}mm" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(names.title)}">`,
    `<rect x="0" y="${top}" width="${width}" height="${height - top}" fill="${PAPER}"/>`,
    line(fine, FINE, 10),
    line(coarse, COARSE, 16),
    `<rect x="${highlight.from}" y="${top - 90}" width="${wide}" height="90" fill="${HIGHLIGHT}"/>`,
    ...lanes.map(({ path }) => line(path, ink, 30)),
    ...lanes.map((lane) => text(100, lane.top + 380, LEAD_TYPE, ink, lane.lead, ' font-weight="600"')),
    ...beats.map(({ x, symbol }) =>
      text(x, 330, SYMBOL_TYPE, classColour(symbol, false), symbol, `${middle} font-weight="600"`),
    ),
    ...intervals.map(({ x, ms }) => text(x, 310, INTERVAL_TYPE, faint, String(ms), middle)),
    "</svg>",
  ].join("");
  return { ...names, svg, width: mm(width) * CSS_PIXELS_PER_MM, height: mm(height) * CSS_PIXELS_PER_MM };
}
