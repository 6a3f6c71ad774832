/** What the viewer's drawing functions use of a canvas context, so that they also draw SVG (svg-context.ts). */
export interface DrawingContext extends Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "clip"
  | "fillRect"
  | "fillStyle"
  | "fillText"
  | "font"
  | "globalAlpha"
  | "lineJoin"
  | "lineTo"
  | "lineWidth"
  | "moveTo"
  | "rect"
  | "restore"
  | "save"
  | "setTransform"
  | "stroke"
  | "strokeStyle"
  | "textAlign"
  | "textBaseline"
  | "translate"
> {
  measureText(text: string): { width: number };
}
