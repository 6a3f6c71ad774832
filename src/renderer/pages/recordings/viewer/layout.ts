/** Layout of the drawing, in CSS pixels. Pure. */

/** Width left of the trace, for the lead's name and the calibration mark. */
export const GUTTER = 58;
/** Heights of the rows above the trace: rhythm episodes, remarks and noise, symbols of the beats. */
export const RHYTHM = 18;
export const REMARKS = 16;
export const SYMBOLS = 26;
/** Height of all rows above the trace. */
export const HEAD = RHYTHM + REMARKS + SYMBOLS;
/** Height below the trace, for the time. */
export const CLOCK = 22;

/** Returns the height of the row of a second annotation set, which moves all below it down. */
export function comparedRowHeight(record: { compared?: unknown } | null): number {
  return record?.compared === undefined ? 0 : SYMBOLS;
}

/** Height of a lane below which a trace can't be read. */
const MIN_LANE_PX = 58;

/** Returns the least height of the drawing. @param lanes below each other */
export function minHeight(lanes: number): number {
  return HEAD + CLOCK + lanes * MIN_LANE_PX;
}

export interface Lane {
  top: number;
  bottom: number;
  middle: number;
}

/** A lead on the paper, between `left` and `right` in pixels from the start of the trace. */
export interface Panel extends Lane {
  /** Number of the lead. */
  lead: number;
  inverted: boolean;
  left: number;
  right: number;
}

/** Returns one panel for each lead, in the given order, one below the other. @param width of the trace */
export function stackedPanels(
  { width, height }: { width: number; height: number },
  leads: readonly Pick<Panel, "lead" | "inverted">[],
): Panel[] {
  const lanes = lanesOf(height, Math.max(1, leads.length));
  return leads.map(({ lead, inverted }, i) => ({ lead, inverted, left: 0, right: width, ...lanes[i] }));
}

/**
 * Returns the panels of a 12-lead page: each column shows its leads for a quarter of the view, and the last row lead II for all of it.
 * @param rows numbers of the leads, as `twelveLeads` returns them @param inverted whether a lead is inverted
 */
export function twelveLeadPanels(
  { width, height }: { width: number; height: number },
  rows: readonly (readonly number[])[],
  inverted: (lead: number) => boolean,
): Panel[] {
  const lanes = lanesOf(height, rows.length + 1);
  const panel = (lead: number, row: number, from: number, to: number): Panel => ({
    lead,
    inverted: inverted(lead),
    left: from * width,
    right: to * width,
    ...lanes[row],
  });
  const grid = rows.flatMap((row, i) => row.map((lead, j) => panel(lead, i, j / row.length, (j + 1) / row.length)));
  return [...grid, panel(rows[1][0], rows.length, 0, 1)];
}

/** Returns the lanes of the leads, one below the other, with equal heights. */
export function lanesOf(height: number, leads: number): Lane[] {
  const each = Math.max(0, height - CLOCK - HEAD) / leads;
  return Array.from({ length: leads }, (_, i) => ({
    top: HEAD + i * each,
    bottom: HEAD + (i + 1) * each,
    middle: HEAD + (i + 0.5) * each,
  }));
}

/** Width of a symbol. */
const SYMBOL_WIDTH_PX = 13;

/**
 * Selects the beats whose symbol is drawn where not all fit: the rarer types before the most frequent type.
 * @param xs positions of the beats, ascending @param rare whether each beat is of a rarer type
 */
export function labelled(xs: readonly number[], rare: readonly boolean[]): boolean[] {
  const shown = xs.map(() => false);
  const assign = (isRare: boolean): void => {
    // The nearest drawn symbols to the left and to the right.
    let last = -Infinity;
    let right = 0;
    for (let i = 0; i < xs.length; i++) {
      if (shown[i]) {
        last = xs[i];
        continue;
      }
      if (rare[i] !== isRare || xs[i] - last < SYMBOL_WIDTH_PX) continue;
      for (right = Math.max(right, i + 1); right < xs.length && !shown[right];) right++;
      if (right < xs.length && xs[right] - xs[i] < SYMBOL_WIDTH_PX) continue;
      shown[i] = true;
      last = xs[i];
    }
  };
  assign(true);
  assign(false);
  return shown;
}
