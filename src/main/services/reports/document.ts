/** A report as data: what it says and in which order. How it looks is html.ts' and pdf.ts' affair, so that both say the same. */
import type { PrintedFigure } from "../figures/print-figure.ts";

export interface ReportDocument {
  title: string;
  subtitle: string;
  /** Stands at the top and at the foot of each page. */
  notice: string;
  /** ISO 8601, UTC: when the newest of its runs ended. The same runs give the same report. */
  date: string;
  /** `Ectopy 0.1.0` */
  madeBy: string;
  sections: Section[];
}

export interface Section {
  title: string;
  blocks: Block[];
}

export type Block =
  | { kind: "paragraph"; text: string }
  | { kind: "heading"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "facts"; rows: Fact[] }
  | { kind: "highlights"; items: Highlight[] }
  | Table
  | Figures;

/** Name and value. */
export type Fact = [string, string];

/** A figure that stands out. */
export interface Highlight {
  name: string;
  value: string;
  note: string;
}

export interface Table {
  kind: "table";
  caption: string;
  columns: Column[];
  rows: Cell[][];
  /** The last row sums the others up. */
  total?: boolean;
  /** Of the type; `small` for many columns. */
  size?: "small";
}

export interface Column {
  title: string;
  /** Numbers stand to the right. */
  numeric: boolean;
}

/** Text, or a class label with its colour beside it. */
export type Cell = string | { label: string; colour: string };

/** Figures side by side, or one alone; each with its caption. */
export interface Figures {
  kind: "figures";
  figures: PrintedFigure[];
}

export function words(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, numeric: false }));
}

export function figuresOf(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, numeric: true }));
}

/** Tables and figures with their numbers, in the order in which they stand. */
export function numbered(document: ReportDocument): ReportDocument {
  let [tables, figures] = [0, 0];
  const withNumber = (block: Block): Block => {
    if (block.kind === "table") return { ...block, caption: `Table ${++tables}. ${block.caption}` };
    if (block.kind !== "figures") return block;
    return {
      ...block,
      figures: block.figures.map((each) => ({
        ...each,
        caption: `Figure ${++figures}. ${each.title}. ${each.caption}`,
      })),
    };
  };
  const sections = document.sections.map((section) => ({ ...section, blocks: section.blocks.map(withNumber) }));
  return { ...document, sections };
}
