import { Resvg } from "@resvg/resvg-js";
import { describe, expect, it } from "vitest";
import { confusionMatrixFigure } from "./confusion-matrix.ts";
import { svgToPng } from "./svg-to-png.ts";

const matrix = [
  [950, 30, 20],
  [7, 43, 0],
  [0, 0, 0],
];

/** Texts of a figure, in the order of drawing. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

describe("confusionMatrixFigure", () => {
  it("shows each cell's beats, its classes on both sides, and what it is", async () => {
    const svg = await confusionMatrixFigure(matrix, ["N", "V", "A"], "Run 3: confusion matrix");
    const said = texts(svg);
    expect(said.filter((text) => /^\d+$/.test(text)).map(Number)).toEqual(matrix.flat());
    for (const label of ["N", "V", "A"]) expect(said.filter((text) => text === label)).toHaveLength(2);
    expect(said).toEqual(expect.arrayContaining(["Run 3: confusion matrix", "predicted class", "true class"]));
  });

  it("colours a cell by its share of the true class", async () => {
    const fill = async (cells: number[][]): Promise<string[]> => {
      const svg = await confusionMatrixFigure(cells, ["N", "V"], "");
      return [...svg.matchAll(/<path[^>]*fill="([^"]+)"[^>]*stroke="#e1e4e5"/g)].map(([, colour]) => colour);
    };
    const colours = await fill([
      [10, 10],
      [0, 3],
    ]);
    expect(colours).toHaveLength(4);
    expect(colours[0]).toBe(colours[1]);
    expect(new Set(colours).size).toBe(3);
  });
});

describe("svgToPng", () => {
  const svg = (content: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40">${content}</svg>`;

  it("gives a PNG of twice the size", async () => {
    const png = await svgToPng(svg(""));
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([120, 80]);
  });

  it("writes words with the font that comes along, whatever font the figure names", async () => {
    const text = (family: string): string => svg(`<text x="5" y="30" font-family="${family}">beat</text>`);
    const empty = await svgToPng(svg(""));
    const drawn = await svgToPng(text("Inter, sans-serif"));
    expect(drawn.equals(empty)).toBe(false);
    expect(drawn.equals(await svgToPng(text("a font that nobody has")))).toBe(true);
    // Without a font, nothing would be written.
    const bare = new Resvg(text("Inter"), { font: { loadSystemFonts: false }, fitTo: { mode: "zoom", value: 2 } });
    expect(bare.render().asPng().equals(empty)).toBe(true);
  });
});
