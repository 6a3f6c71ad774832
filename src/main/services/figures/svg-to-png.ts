/** Converts SVG to PNG, the same on every machine: with the font that ships with the app, not with system fonts. */
import { paperFonts } from "./paper-fonts.ts";

const fontFiles = Object.values(paperFonts);

/**
 * @param svg a document with a width and a height
 * @param scale pixels of the PNG for each pixel of the document
 * @returns the bytes of a PNG
 */
export async function svgToPng(svg: string, scale = 2): Promise<Buffer> {
  // Imported here: native, and not needed by commands without figures.
  const { renderAsync } = await import("@resvg/resvg-js");
  const picture = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  return picture.asPng();
}
