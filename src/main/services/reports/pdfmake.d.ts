/**
 * What reports use of pdfmake (https://pdfmake.github.io/docs/): the published types bring those of a browser's page
 * along, which would then be known to all of the main process.
 */
declare module "pdfmake" {
  /** In points, as a left, top, right and bottom. */
  type Margin = [number, number, number, number];

  interface Look {
    font?: string;
    fontSize?: number;
    lineHeight?: number;
    bold?: boolean;
    /** OpenType features, such as `tnum`: figures of one width. */
    fontFeatures?: string[];
    color?: string;
    alignment?: "left" | "right";
    noWrap?: boolean;
    margin?: Margin;
    /** Of a column. */
    width?: number | "*";
    unbreakable?: boolean;
    pageBreak?: "before";
    /** Of the pages from the break on. */
    pageOrientation?: "portrait" | "landscape";
    headlineLevel?: number;
  }

  interface Line {
    type: "line";
    x1: number;
    y1: number;
    x2: number;
    y2: number;
    lineWidth: number;
    lineColor: string;
  }

  type Content = Look &
    (
      | { text: string | Content[] }
      | { stack: Content[] }
      | { columns: Content[]; columnGap?: number }
      | { ul: string[]; markerColor?: string }
      | { canvas: Line[] }
      | { svg: string }
      | { table: Table; layout: TableLayout }
    );

  interface Table {
    headerRows?: number;
    keepWithHeaderRows?: number;
    dontBreakRows?: boolean;
    widths: (number | "*")[];
    body: Content[][];
  }

  /** Of lines and columns by number, from 0. */
  interface TableLayout {
    hLineWidth(line: number, node: { table: Table }): number;
    hLineColor(line: number, node: { table: Table }): string;
    vLineWidth(line: number): number;
    paddingLeft(column: number): number;
    paddingRight(column: number, node: { table: Table }): number;
    paddingTop(): number;
    paddingBottom(): number;
  }

  interface Definition {
    pageSize: "A4";
    pageMargins: Margin;
    info: Record<string, string | Date>;
    language: string;
    defaultStyle: Look;
    footer: (page: number, pages: number) => Content;
    content: Content[];
    pageBreakBefore: (node: Look, nodes: { getFollowingNodesOnPage(): unknown[] }) => boolean;
  }

  interface PdfMake {
    setFonts(fonts: Record<string, Record<"normal" | "bold" | "italics" | "bolditalics", string>>): void;
    setUrlAccessPolicy(allows: (url: string) => boolean): void;
    setLocalAccessPolicy(allows: (path: string) => boolean): void;
    createPdf(definition: Definition): { getBuffer(): Promise<Buffer> };
  }

  const pdfmake: PdfMake;
  export default pdfmake;
  export type { Content, Definition, TableLayout };
}
