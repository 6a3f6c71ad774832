/** A report as data: its content and order. html.ts and pdf.ts lay out the same content. */
import type { PrintedFigure } from "../figures/print-figure.ts";

export interface ReportDocument {
  title: string;
  subtitle: string;
  /** Printed at the top and at the foot of each page. */
  notice: string;
  /** End of the newest run, ISO 8601, UTC: the same runs give the same report. */
  date: string;
  /** `Ectopy 0.1.0` */
  madeBy: string;
  sections: Section[];
}

export interface Section {
  title: string;
  blocks: Block[];
  /** Printed on landscape pages, which hold 10 s of ECG at 25 mm/s. */
  isLandscape?: boolean;
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

/** A metric or count in large type. */
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
  /** Whether the last row holds the sums. */
  total?: boolean;
  /** Type size; `small` for many columns. */
  size?: "small";
}

export interface Column {
  title: string;
  /** Aligned to the right. */
  numeric: boolean;
}

/** Text, or a class label with its colour beside it. */
export type Cell = string | { label: string; colour: string };

/** Figures side by side, or one alone; each with its caption. */
export interface Figures {
  kind: "figures";
  figures: PrintedFigure[];
}

export function textColumns(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, numeric: false }));
}

export function numberColumns(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, numeric: true }));
}

/** Numbers tables and figures in their order. */
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
