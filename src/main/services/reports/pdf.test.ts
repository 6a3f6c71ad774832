import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { expect, it } from "vitest";
import type { ReportDocument, Table } from "./document.ts";
import { reportPdf } from "./pdf.ts";

const table = (caption: string, rows: string[][]): Table => ({
  kind: "table",
  caption,
  columns: [
    { title: "Class", numeric: false },
    { title: "PPV", numeric: true },
  ],
  rows,
});

function report(tables: readonly Table[]): ReportDocument {
  return {
    title: "Report",
    subtitle: "Run 1",
    notice: "For research use only.",
    date: "2026-01-01T00:00:00.000Z",
    madeBy: "Ectopy",
    sections: tables.map((each) => ({ title: each.caption, blocks: [each] })),
  };
}

/** Texts of each page with their width in points. */
async function textsOf(document: ReportDocument): Promise<{ text: string; width: number }[][]> {
  const pdf = await getDocument({ data: new Uint8Array(await reportPdf(document)) }).promise;
  return Promise.all(
    Array.from({ length: pdf.numPages }, async (_, i) => {
      const { items } = await (await pdf.getPage(i + 1)).getTextContent();
      return items.flatMap((item) => ("str" in item ? [{ text: item.str, width: item.width }] : []));
    }),
  );
}

it("prints figures of one width, so that a point is not swallowed beside a 1", async () => {
  const [page] = await textsOf(
    report([
      table("PPV", [
        ["N", "11.11"],
        ["V", "88.88"],
      ]),
    ]),
  );
  const widthOf = (text: string): number => page.find((each) => each.text.includes(text))!.width;
  expect(widthOf("11.11")).toBeCloseTo(widthOf("88.88"), 1);
});

it("divides long tables, so that no page is half empty", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [`Class ${i}`, "88.57 %"]);
  const pages = await textsOf(report(["A", "B", "C", "D", "E"].map((name) => table(name, rows))));
  const rowsOf = pages.map((page) => page.filter(({ text }) => text.includes("88.57")).length);
  expect(rowsOf.reduce((sum, count) => sum + count, 0)).toBe(100);
  // All pages but the last one are full.
  expect(Math.min(...rowsOf.slice(0, -1))).toBeGreaterThan(30);
});
