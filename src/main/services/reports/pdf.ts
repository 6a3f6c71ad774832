/** Writes a report as PDF (A4, pdfmake) with the content of html.ts: selectable text, figures as vectors. */
import type { Content, Definition, TableLayout } from "pdfmake";
import { paperFonts } from "../figures/paper-fonts.ts";
import type { Block, Cell, Column, Figures, Highlight, ReportDocument, Section, Table } from "./document.ts";
import { timeText } from "./sections.ts";

const POINTS_PER_MM = 72 / 25.4;
const POINTS_PER_PIXEL = 72 / 96;
const MARGIN = 15 * POINTS_PER_MM;
const TEXT_WIDTH = 180 * POINTS_PER_MM;
const LANDSCAPE_WIDTH = 267 * POINTS_PER_MM;
const GAP = 5 * POINTS_PER_MM;

const ink = "#1b2024";
const faint = "#59636c";
const hairline = "#e1e4e5";
const accent = "#0b6e75";
const warning = "#8f2a1e";

export async function reportPdf(document: ReportDocument): Promise<Buffer> {
  // Imported here: it takes a third of a second, which only PDFs need.
  const { default: pdfmake } = await import("pdfmake");
  const { regular, bold } = paperFonts;
  pdfmake.setFonts({ Inter: { normal: regular, bold, italics: regular, bolditalics: bold } });
  // Names and notes are untrusted: nothing is fetched, and only the typeface is read.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === regular || path === bold);
  return pdfmake.createPdf(definition(document)).getBuffer();
}

function definition({ title, subtitle, notice, date, madeBy, sections }: ReportDocument): Definition {
  const made = new Date(date);
  return {
    pageSize: "A4",
    pageMargins: [MARGIN, MARGIN, MARGIN, MARGIN + 10],
    // The date of the newest run: the same runs give the same bytes.
    info: { title, subject: subtitle, creator: madeBy, producer: "pdfmake", creationDate: made, modDate: made },
    language: "en",
    // Figures of one width: at screen size, proportional ones swallow the decimal point beside a 1.
    defaultStyle: { font: "Inter", fontSize: 9, lineHeight: 1.25, color: ink, fontFeatures: ["tnum"] },
    footer: (page, pages) => ({
      margin: [MARGIN, 8, MARGIN, 0],
      fontSize: 7,
      color: faint,
      columns: [
        { text: `${notice} Made by ${madeBy} of what was stored on ${timeText(date)}.`, width: "*" },
        { text: `${page} / ${pages}`, width: 40, alignment: "right" },
      ],
    }),
    content: [
      { text: title, fontSize: 17, bold: true, lineHeight: 1.1, margin: [0, 0, 0, 3] },
      { text: subtitle, color: faint, margin: [0, 0, 0, 4] },
      { text: notice, color: warning, bold: true, margin: [0, 0, 0, 5] },
      rule(1.5, ink),
      ...sections.flatMap((each, number) => section(each, number, sections[number - 1]?.isLandscape ?? false)),
    ],
    pageBreakBefore: (node, nodes) =>
      // No title is left alone at the foot of a page.
      node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
  };
}

function rule(width: number, color: string): Content {
  return {
    canvas: [{ type: "line", x1: 0, y1: 0, x2: TEXT_WIDTH, y2: 0, lineWidth: width, lineColor: color }],
    margin: [0, 0, 0, 2],
  };
}

/** @param afterLandscape whether the section before is on landscape pages */
function section({ title, blocks, isLandscape = false }: Section, number: number, afterLandscape: boolean): Content[] {
  const width = isLandscape ? LANDSCAPE_WIDTH : TEXT_WIDTH;
  const heading: Content = {
    text: `${number + 1}\u2002${title}`,
    fontSize: 12,
    bold: true,
    margin: [0, 14, 0, 5],
    headlineLevel: 1,
  };
  const [first, ...others] = blocks;
  // Blocks that stay on one page keep their title with them.
  const together =
    first.kind === "figures" || first.kind === "highlights" || (first.kind === "table" && isShort(first));
  const [begin, ...rest]: Content[] = together
    ? [{ stack: [heading, block(first, width)], unbreakable: true }]
    : [heading, block(first, width)];
  const turned: Partial<Content> =
    isLandscape === afterLandscape
      ? {}
      : { pageBreak: "before", pageOrientation: isLandscape ? "landscape" : "portrait" };
  return [{ ...begin, ...turned }, ...rest, ...others.map((each) => block(each, width))];
}

/** @param pageWidth width of the text, in points */
function block(given: Block, pageWidth: number): Content {
  switch (given.kind) {
    case "paragraph":
      return { text: given.text, margin: [0, 0, 0, 5] };
    case "heading":
      return { text: given.text, bold: true, fontSize: 10, margin: [0, 7, 0, 3], headlineLevel: 1 };
    case "list":
      return { ul: given.items, margin: [0, 0, 0, 5], markerColor: faint };
    case "facts":
      return {
        table: {
          widths: [46 * POINTS_PER_MM, "*"],
          body: given.rows.map(([name, value]) => [{ text: name, color: faint }, { text: breakable(value) }]),
          dontBreakRows: true,
        },
        layout: factLayout,
        fontSize: 8,
        lineHeight: 1.15,
        margin: [0, 0, 0, 8],
      };
    case "highlights":
      return { columns: given.items.map(highlight), columnGap: 9, margin: [0, 2, 0, 8], unbreakable: true };
    case "table":
      return table(given);
    case "figures":
      return figures(given, pageWidth);
  }
}

function highlight({ name, value, note }: Highlight): Content {
  const width = (TEXT_WIDTH - 3 * 9) / 4;
  return {
    width,
    stack: [
      { canvas: [{ type: "line", x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 1.5, lineColor: accent }] },
      { text: name, fontSize: 7.5, color: faint, margin: [0, 4, 0, 0] },
      { text: value, fontSize: 14, bold: true },
      { text: note, fontSize: 7.5, color: faint },
    ],
  };
}

function table({ caption, columns, rows, total = false, size }: Table): Content {
  const body = [columns.map(head), ...rows.map((cells, i) => row(cells, columns, total && i === rows.length - 1))];
  const type = size === "small" ? 6.5 : 7.5;
  const content: Content = {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      // The header is never left without a row.
      keepWithHeaderRows: 1,
      widths: widthsOf(columns, rows, type),
      body,
    },
    layout: tableLayout(total),
    fontSize: type,
    lineHeight: 1.15,
  };
  return {
    stack: [{ text: caption, fontSize: 8, margin: [0, 0, 0, 3] }, content],
    margin: [0, 3, 0, 10],
    unbreakable: isShort({ rows }),
  };
}

/** A longer table is divided, with its header on each page: kept together, it leaves half a page empty. */
const MAX_UNDIVIDED_ROWS = 8;

function isShort({ rows }: Pick<Table, "rows">): boolean {
  return rows.length <= MAX_UNDIVIDED_ROWS;
}

/** Average width of a letter, as a share of the type size; digits and capitals are wider than most. */
const LETTER_WIDTH = 0.6;
const CELL_PADDING_PT = 6;

/**
 * Computes column widths: numbers fit on one line; texts share the rest by their length. All columns share unused
 * space.
 */
function widthsOf(columns: readonly Column[], rows: readonly Cell[][], type: number): number[] {
  const needed = columns.map(({ title }, i) => {
    const longest = Math.max(
      ...rows.map((cells) => textOf(cells[i]).length),
      ...title.split(" ").map((word) => word.length),
    );
    return longest * type * LETTER_WIDTH;
  });
  const room = TEXT_WIDTH - (columns.length - 1) * CELL_PADDING_PT;
  const spare = room - sum(needed);
  if (spare >= 0) return needed.map((width) => width + spare / columns.length);
  const figures = sum(needed.filter((_, i) => columns[i].numeric));
  // By the square root: a short name beside long sentences keeps one line.
  const weights = needed.map((width, i) => (columns[i].numeric ? 0 : Math.sqrt(width)));
  return needed.map((width, i) => (columns[i].numeric ? width : (weights[i] / sum(weights)) * (room - figures)));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.label;
}

function head({ title, numeric }: Column): Content {
  return { text: title, bold: true, alignment: numeric ? "right" : "left" };
}

function row(cells: readonly Cell[], columns: readonly Column[], bold: boolean): Content[] {
  return cells.map((cell, i): Content => {
    if (typeof cell !== "string")
      return {
        text: [
          { text: "■ ", color: cell.colour },
          { text: cell.label, bold: true },
        ],
      };
    return {
      text: breakable(cell),
      alignment: columns[i].numeric ? "right" : "left",
      bold,
      noWrap: columns[i].numeric,
    };
  });
}

/** Allows breaks inside a word that no line can hold, such as a name without blanks. */
function breakable(text: string): string {
  return text.replaceAll(/[^\s\u200B]{40}(?=\S)/g, "$&\u200B");
}

function figures({ figures: all }: Figures, pageWidth: number): Content {
  const width = all.length === 1 ? pageWidth : (pageWidth - GAP) / 2;
  const columns = all.map((figure): Content => {
    const own = Math.min(width, figure.width * POINTS_PER_PIXEL);
    return {
      width,
      stack: [
        { svg: figure.svg, width: own },
        { text: figure.caption, fontSize: 8, margin: [0, 4, 0, 0] },
      ],
    };
  });
  return { columns, columnGap: GAP, margin: [0, 3, 0, 10], unbreakable: true };
}

/** Table style of books: rules above, below the head and at the end, hairlines between rows. */
function tableLayout(total: boolean): TableLayout {
  return {
    hLineWidth: (i, { table: { body } }) => (i === 0 || i === body.length ? 1 : 0.5),
    hLineColor: (i, { table: { body } }) =>
      i <= 1 || i === body.length || (total && i === body.length - 1) ? ink : hairline,
    vLineWidth: () => 0,
    paddingLeft: (i) => (i === 0 ? 0 : 3),
    paddingRight: (i, node) => (i === node.table.widths.length - 1 ? 0 : 3),
    paddingTop: () => 2,
    paddingBottom: () => 1.5,
  };
}

const factLayout: TableLayout = {
  hLineWidth: (i) => (i === 0 ? 0 : 0.5),
  hLineColor: () => hairline,
  vLineWidth: () => 0,
  paddingLeft: (i) => (i === 0 ? 0 : 6),
  paddingRight: () => 0,
  paddingTop: () => 2,
  paddingBottom: () => 1.5,
};
