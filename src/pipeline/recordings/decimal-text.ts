/** Decimal numbers as text, in the one form that all text formats share: `-1.5e-3`, without spaces, hex or infinity. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Returns null where the text is no finite number. */
export function decimalOf(text: string): number | null {
  const value = DECIMAL.test(text) ? Number(text) + 0 : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
