/** What the trace canvas draws: the recording, the view and the choices of the user. Pure. */
import type { Tokens } from "../../../theme/tokens.ts";
import type { Calipers } from "./calipers.ts";
import { GUTTER, type Panel } from "./layout.ts";
import { levelFor } from "./tiles.ts";
import type { OpenedRecord } from "./use-record.ts";
import { PIXELS_PER_MM, timeAt, type View } from "./view.ts";

export interface Scene {
  record: OpenedRecord;
  /** The most frequent beat type. */
  mostFrequent: string;
  view: View;
  /** Size of the drawing in CSS pixels, and device pixels per CSS pixel. */
  width: number;
  height: number;
  density: number;
  /** Gain, in mm/mV. */
  gain: number;
  denoised: boolean;
  /** Samples of the selected event; `to` equals `from` for a beat or a mark. */
  selected: { from: number; to: number } | null;
  /** Whether the selected samples are beats of a review: then all beats between them are selected. */
  isReview: boolean;
  /** The beat window, in samples before and from the R-peak; null: hidden. */
  window: { before: number; after: number } | null;
  /** Where each lead is drawn. */
  panels: readonly Panel[];
  /** Null: hidden. */
  calipers: Calipers | null;
  /** Sample under the pointer; null while it is elsewhere. */
  cursor: number | null;
  tokens: Tokens;
  dark: boolean;
}

/** Returns the samples in view, and the level of tiles for them. */
export function neededOf(
  view: View,
  width: number,
  density: number,
  { rate, length }: Pick<OpenedRecord, "rate" | "length">,
): { from: number; to: number; level: number } {
  const from = Math.max(0, Math.floor(view.start * rate));
  const to = Math.min(length, Math.ceil(timeAt(view, width - GUTTER) * rate) + 1);
  return { from, to, level: levelFor(rate / (view.pixelsPerSecond * density), length) };
}

/** Returns pixels per unit of a panel, upwards; negative for an inverted lead. */
export function unitHeight({ gain }: Pick<Scene, "gain">, { inverted }: Panel): number {
  return gain * PIXELS_PER_MM * (inverted ? -1 : 1);
}

/** Returns the y of 0 units in a panel. */
export function zeroOf({ gain, record }: Pick<Scene, "gain" | "record">, panel: Panel): number {
  return panel.middle + record.middles[panel.lead] * unitHeight({ gain }, panel);
}
