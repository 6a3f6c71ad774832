/** Saves the strip in view as SVG or PNG, or prints it: on white paper at its scale, with a header without patient data. */
import { formatClock } from "../../../../contract/text/format-clock.ts";
import { fonts, tokens } from "../../../theme/tokens.ts";
import { drawRecord } from "./draw-record.ts";
import type { DrawingContext } from "./drawing-context.ts";
import { GUTTER } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { SvgContext } from "./svg-context.ts";
import { speedOf, timeAt } from "./view.ts";

/** Height of the line of text above the strip. */
const HEADER_PX = 30;
/** Resolution of the PNG, in pixels per inch; a CSS pixel is 1/96 inch. */
const PNG_PPI = 300;

export interface Strip {
  /** File name without its ending. */
  name: string;
  /** Recording, time, paper speed and gain. */
  header: string;
  /** The scene, in the light theme. */
  scene: Scene;
}

/** @param scene as drawn now @param name of the recording */
export function stripOf(scene: Scene, name: string): Strip {
  const { view, record, width, gain } = scene;
  const end = Math.min(timeAt(view, width - GUTTER), record.length / record.rate);
  const speed = Number(speedOf(view).toPrecision(3));
  return {
    name: `${name}-${formatClock(view.start, 1).replaceAll(":", ".")}`,
    header: `Recording ${name} · ${formatClock(view.start, 1)} to ${formatClock(end, 1)} · ${speed} mm/s · ${gain} mm/mV`,
    scene: { ...scene, tokens: tokens.light, dark: false, cursor: null },
  };
}

export function stripAsSvg({ header, scene }: Strip): string {
  const pen = document.createElement("canvas").getContext("2d");
  const svg = new SvgContext(scene.width, scene.height + HEADER_PX, (text, font) => {
    if (!pen) return 0;
    pen.font = font;
    return pen.measureText(text).width;
  });
  svg.save();
  svg.translate(0, HEADER_PX);
  drawRecord(svg, { ...scene, density: 1 });
  svg.restore();
  drawHeader(svg, header, scene.width);
  return svg.toSvg(header);
}

export async function stripAsPng({ header, scene }: Strip): Promise<Blob> {
  const density = PNG_PPI / 96;
  const top = Math.round(HEADER_PX * density);
  const [wide, high] = [Math.round(scene.width * density), Math.round(scene.height * density)];
  const drawing = new OffscreenCanvas(wide, high);
  const page = new OffscreenCanvas(wide, high + top);
  const [inner, outer] = [drawing.getContext("2d"), page.getContext("2d")];
  if (!inner || !outer) throw new Error("This browser draws no pictures outside of the page.");
  drawRecord(inner, { ...scene, density });
  outer.setTransform(density, 0, 0, density, 0, 0);
  drawHeader(outer, header, scene.width);
  outer.setTransform(1, 0, 0, 1, 0, 0);
  outer.drawImage(drawing, 0, top);
  return page.convertToBlob({ type: "image/png" });
}

function drawHeader(context: DrawingContext, header: string, width: number): void {
  context.fillStyle = tokens.light.surface;
  context.fillRect(0, 0, width, HEADER_PX);
  context.fillStyle = tokens.light.ink;
  context.font = `600 13px ${fonts.body}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(header, 8, 20);
}
