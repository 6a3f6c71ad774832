/** SVG as PNG, the same on every machine: with a font that comes along, not with whatever the system has. */
import { paperFonts } from "./paper-fonts.ts";

const fontFiles = Object.values(paperFonts);

/**
 * @param svg a document with a width and a height
 * @param scale pixels of the picture for each of the document's
 * @returns the bytes of a PNG
 */
export async function svgToPng(svg: string, scale = 2): Promise<Buffer> {
  // Native, and of no use to commands without figures.
  const { renderAsync } = await import("@resvg/resvg-js");
  const picture = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  return picture.asPng();
}
