/** Decimal numbers as text, in the one form that all text formats share: `-1.5e-3`, without spaces, hex or infinity. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Longest number in characters: the pattern takes the square of a text's length where it does not match. */
const MAX_LENGTH = 60;

/** Returns null where the text is no finite number, or a longer one. */
export function decimalOf(text: string): number | null {
  const value = text.length <= MAX_LENGTH && DECIMAL.test(text) ? Number(text) + 0 : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
