import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printFigure } from "../figures/print-figure.ts";
import { learningCurves } from "../figures/learning-curves.ts";
import { numberColumns, numbered, textColumns, type ReportDocument } from "./document.ts";
import { reportHtml } from "./html.ts";

const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;'`;

function documentOf(text: string): ReportDocument {
  return numbered({
    title: text,
    subtitle: text,
    notice: text,
    date: "2026-01-02T03:04:05.678Z",
    madeBy: text,
    sections: [
      {
        title: text,
        blocks: [
          { kind: "paragraph", text },
          { kind: "heading", text },
          { kind: "list", items: [text] },
          { kind: "facts", rows: [[text, text]] },
          { kind: "highlights", items: [{ name: text, value: text, note: text }] },
          {
            kind: "table",
            caption: text,
            columns: [...textColumns(text), ...numberColumns(text)],
            rows: [
              [{ label: text, colour: "#123456" }, text],
              ["All", text],
            ],
            total: true,
          },
        ],
      },
    ],
  });
}

/** Names of the elements that begin in a page. */
function elements(html: string): string[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name);
}

describe("reportHtml", () => {
  it("has the same elements whatever the text says", () => {
    const plain = elements(reportHtml(documentOf("plain")));
    fc.assert(
      fc.property(fc.oneof(fc.constant(evil), fc.string({ unit: "binary" })), (text) => {
        const html = reportHtml(documentOf(text));
        expect(elements(html)).toEqual(plain);
        expect(html).not.toContain("\0");
      }),
    );
  });

  it("shows text as it was written", () => {
    expect(reportHtml(documentOf(evil))).toContain(
      "<p>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;&#39;</p>",
    );
  });

  it("forbids whatever would come from elsewhere, and asks for nothing", () => {
    const html = reportHtml(documentOf("plain"));
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/\b(src|href|srcset|action)=|@import|url\(/);
  });
});

describe("numbered", () => {
  it("counts tables and figures apart, over all sections", async () => {
    const epoch = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, validationLoss: 1, validationAccuracy: 0.5 };
    const rest = { validationMacroF1: 0.5, validationF1: [], learningRate: 0.001, seconds: 1, validationSeconds: 1 };
    const figure = await printFigure(
      learningCurves([{ name: "Run 1", bestEpoch: 1, epochs: [{ ...epoch, ...rest }] }]),
      "curves",
      { titled: false },
    );
    const table = { kind: "table" as const, caption: "Beats.", columns: textColumns("Class"), rows: [["N"]] };
    const figures = { kind: "figures" as const, figures: [figure, figure] };
    const document = documentOf("plain");
    const sections = [
      { title: "One", blocks: [table, figures] },
      { title: "Two", blocks: [table, figures] },
    ];
    const captions = numbered({ ...document, sections }).sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => {
        if (block.kind === "table") return [block.caption];
        return block.kind === "figures" ? block.figures.map(({ caption }) => caption.slice(0, 9)) : [];
      }),
    );
    expect(captions).toEqual([
      "Table 1. Beats.",
      "Figure 1.",
      "Figure 2.",
      "Table 2. Beats.",
      "Figure 3.",
      "Figure 4.",
    ]);
  });
});
