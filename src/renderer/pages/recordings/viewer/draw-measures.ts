/** Draws what measures the trace: the amplitude cursor and the calipers. */
import type { DrawingContext } from "./drawing-context.ts";
import { fonts } from "../../../theme/tokens.ts";
import { describeInterval, formatAmplitude } from "./calipers.ts";
import { unitHeight, zeroOf, type Scene } from "./scene.ts";
import { CLOCK, GUTTER, HEAD } from "./layout.ts";
import { valuesAt } from "./trace-values.ts";
import { xAt } from "./view.ts";

/** Height of the handles (caliper-handles.vue) and their distance from the lower edge. */
const HANDLE_ROOM_PX = 38;

/** Draws a hairline at the sample under the pointer, and the amplitude beside the trace of each lead there. */
export function drawCursor(context: DrawingContext, scene: Scene): void {
  const { cursor, record, view, height, tokens, panels, width } = scene;
  if (cursor === null) return;
  const x = xAt(view, cursor / record.rate);
  context.fillStyle = tokens.edge;
  context.fillRect(Math.round(x), HEAD, 1, height - CLOCK - HEAD);
  const values = valuesAt((tile) => record.raw.get(tile), cursor);
  if (!values) return;
  context.font = `600 12px ${fonts.body}`;
  context.textBaseline = "alphabetic";
  for (const panel of panels) {
    const value = values[panel.lead];
    if (Number.isNaN(value) || x < panel.left || x > panel.right) continue;
    const y = zeroOf(scene, panel) - value * unitHeight(scene, panel);
    context.fillStyle = tokens.accent;
    context.fillRect(x - 2.5, y - 2.5, 5, 5);
    const text = formatAmplitude(value, record.leads[panel.lead].units);
    const wide = context.measureText(text).width;
    const left = x + wide + 14 < width - GUTTER ? x + 8 : x - wide - 8;
    const foot = Math.max(panel.top + 16, Math.min(y - 6, panel.bottom - 6));
    drawLabel(context, scene, { text, left, foot, wide });
  }
}

/** Draws the legs of the calipers, the span between them, and its duration and rate. */
export function drawCalipers(context: DrawingContext, { calipers, record, view, height, width, tokens }: Scene): void {
  if (!calipers) return;
  const [left, right] = [calipers.from, calipers.to]
    .map((sample) => xAt(view, sample / record.rate))
    .sort((a, b) => a - b);
  const [top, bottom] = [HEAD, height - CLOCK];
  context.fillStyle = tokens.accent;
  context.globalAlpha = 0.08;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  for (const x of [left, right]) context.fillRect(x - 0.75, top, 1.5, bottom - top);
  const text = describeInterval(calipers, record.rate);
  context.font = `600 13px ${fonts.body}`;
  const wide = context.measureText(text).width;
  const y = bottom - HANDLE_ROOM_PX;
  context.fillRect(left, y - 5, right - left, 1.5);
  const middle = Math.max(wide / 2 + 6, Math.min((left + right) / 2, width - GUTTER - wide / 2 - 6));
  drawLabel(context, { tokens }, { text, left: middle - wide / 2, foot: y, wide });
}

function drawLabel(
  context: DrawingContext,
  { tokens }: Pick<Scene, "tokens">,
  { text, left, foot, wide }: { text: string; left: number; foot: number; wide: number },
): void {
  context.fillStyle = tokens.surface;
  context.fillRect(left - 3, foot - 12, wide + 6, 16);
  context.fillStyle = tokens.ink;
  context.textAlign = "left";
  context.fillText(text, left, foot);
}
