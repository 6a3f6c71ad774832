/**
 * Records a drawing as SVG: the part of a canvas context that the viewer's drawing functions use. One drawing, on screen and on
 * paper. Text widths are measured by a canvas.
 */
import type { DrawingContext } from "./drawing-context.ts";

interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
}

export class SvgContext implements DrawingContext {
  fillStyle = "#000000";
  strokeStyle = "#000000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  font = "10px sans-serif";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly #width: number;
  readonly #height: number;
  readonly #measure: (text: string, font: string) => number;
  readonly #parts: string[] = [];
  #path: string[] = [];
  #clips = 0;
  /** Groups to close, and the state to return to, for each `save`. */
  readonly #saved: { state: State; groups: number }[] = [];
  #groups = 0;

  /** @param measure returns the width of a text in a font, in pixels */
  constructor(width: number, height: number, measure: (text: string, font: string) => number) {
    this.#width = width;
    this.#height = height;
    this.#measure = measure;
  }

  /** Device pixels don't exist in SVG: a scale is ignored. */
  setTransform(): void {
    // Nothing to do.
  }

  save(): void {
    this.#saved.push({ state: { ...this.#state() }, groups: this.#groups });
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (!saved) return;
    for (; this.#groups > saved.groups; this.#groups--) this.#parts.push("</g>");
    Object.assign(this, saved.state);
  }

  translate(x: number, y: number): void {
    this.#parts.push(`<g transform="translate(${round(x)} ${round(y)})">`);
    this.#groups++;
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${round(x)} ${round(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${round(x)} ${round(y)}`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`);
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path.join("")}"/></clipPath><g clip-path="url(#${id})">`);
    this.#groups++;
  }

  stroke(): void {
    if (this.#path.length === 0) return;
    this.#parts.push(
      `<path d="${this.#path.join("")}" fill="none" stroke="${this.strokeStyle}" stroke-width="${round(this.lineWidth)}" ` +
        `stroke-linejoin="${this.lineJoin}"${this.#opacity()}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ` +
        `fill="${this.fillStyle}"${this.#opacity()}/>`,
    );
  }

  measureText(text: string): { width: number } {
    return { width: this.#measure(text, this.font) };
  }

  fillText(text: string, x: number, y: number): void {
    const [, weight = "400", size = "10", family = "sans-serif"] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const anchor = { center: "middle", right: "end", end: "end", left: "start", start: "start" }[this.textAlign];
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" fill="${this.fillStyle}" font-family="${escape(family)}" font-size="${size}" ` +
        `font-weight="${weight}" text-anchor="${anchor}"${this.#opacity()}>${escape(text)}</text>`,
    );
  }

  /** Returns the file, with its size in mm. @param title of the picture */
  toSvg(title: string): string {
    const mm = (pixels: number): string => `${round((pixels * 25.4) / 96)}mm`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(this.#width)}" height="${mm(this.#height)}" ` +
      `viewBox="0 0 ${round(this.#width)} ${round(this.#height)}"><title>${escape(title)}</title>` +
      `${this.#parts.join("")}${"</g>".repeat(this.#groups)}</svg>`
    );
  }

  #state(): State {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline } = this;
    return { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline };
  }

  #opacity(): string {
    return this.globalAlpha === 1 ? "" : ` opacity="${round(this.globalAlpha)}"`;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
