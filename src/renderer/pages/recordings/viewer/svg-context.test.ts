import { describe, expect, it } from "vitest";
import { SvgContext } from "./svg-context.ts";

const context = (): SvgContext => new SvgContext(96, 48, (text) => 6 * text.length);

describe("a drawing as SVG", () => {
  it("has its size in mm and its title", () => {
    expect(context().toSvg("A & B")).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="25.4mm" height="12.7mm" viewBox="0 0 96 48">' +
        "<title>A &amp; B</title></svg>",
    );
  });

  it("contains lines, areas and texts with their style", () => {
    const pen = context();
    pen.strokeStyle = "#112233";
    pen.beginPath();
    pen.moveTo(1, 2);
    pen.lineTo(3.456, 4);
    pen.stroke();
    pen.globalAlpha = 0.5;
    pen.fillRect(0, 0, 5, 6);
    pen.font = "600 12px serif";
    pen.textAlign = "center";
    pen.fillText('<"V">', 10, 20);
    const svg = pen.toSvg("");
    expect(svg).toContain('<path d="M1 2L3.46 4" fill="none" stroke="#112233"');
    expect(svg).toContain('<rect x="0" y="0" width="5" height="6" fill="#000000" opacity="0.5"/>');
    expect(svg).toContain(
      'font-size="12" font-weight="600" text-anchor="middle" opacity="0.5">&lt;&quot;V&quot;&gt;</text>',
    );
  });

  it("closes its groups, and returns to the saved style", () => {
    const pen = context();
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, 10, 10);
    pen.clip();
    pen.translate(5, 0);
    pen.fillStyle = "#ff0000";
    pen.restore();
    expect(pen.fillStyle).toBe("#000000");
    const svg = pen.toSvg("");
    expect(svg.match(/<g /g)).toHaveLength(2);
    expect(svg.match(/<\/g>/g)).toHaveLength(2);
  });

  it("measures texts for the layout", () => {
    expect(context().measureText("AFIB").width).toBe(24);
  });
});
