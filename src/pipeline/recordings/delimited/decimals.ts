/** Decimal numbers in the bytes of a text, without a string for each: most of a large file's time goes here. */

const POINT = 0x2e;
const COMMA = 0x2c;
const MAX_EXACT_DIGITS = 15;
const MAX_EXPONENT_DIGITS = 3;
const MAX_NUMBER_BYTES = 60;
const missingTexts = new Set(["", "nan", "na", "n/a", "null", "none", "-", "?", "."]);

export const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

export class DecimalParser {
  /** The number. */
  value = 0;
  /** Digits after the decimal point. */
  decimals = 0;
  /** The number without its decimal point: `value · 10^decimals`; null where it has more than 15 digits or an exponent. */
  mantissa: number | null = 0;
  readonly #point: number;

  constructor(decimalComma: boolean) {
    this.#point = decimalComma ? COMMA : POINT;
  }

  /** Parses a cell. Returns false where it is no number. */
  parse(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from;
    const isNegative = bytes[at] === 0x2d && at < to;
    if (isNegative || (bytes[at] === 0x2b && at < to)) at++;
    const first = at;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    for (; at < to; at++) {
      const byte = bytes[at];
      if (byte >= 0x30 && byte <= 0x39) {
        mantissa = mantissa * 10 + byte - 0x30;
        if (mantissa > 0) digits++;
      } else if (byte === this.#point && point < 0) point = at;
      else break;
    }
    const length = at - first - (point < 0 ? 0 : 1);
    if (length === 0) return false;
    this.decimals = point < 0 ? 0 : at - point - 1;
    if (at === to && digits <= MAX_EXACT_DIGITS && this.decimals < powersOfTen.length) {
      this.mantissa = isNegative ? -mantissa : mantissa;
      // Both are exact, so that their quotient is the number nearest to the text.
      this.value = this.mantissa / powersOfTen[this.decimals] + 0;
      return true;
    }
    return this.#parseLong(bytes, { from, end: at, to, point });
  }

  /**
   * Parses a number with an exponent or more than 15 digits, whose nearest double only the language finds.
   * @param end byte after its digits @param point byte of its decimal point; −1: it has none
   */
  #parseLong(
    bytes: Uint8Array,
    { from, end, to, point }: { from: number; end: number; to: number; point: number },
  ): boolean {
    const exponent = end === to ? 0 : exponentOf(bytes, end, to);
    if (exponent === null || to - from > MAX_NUMBER_BYTES) return false;
    const text = asciiOf(bytes, from, to);
    const value = Number(this.#point === POINT || point < 0 ? text : text.replace(",", "."));
    if (!Number.isFinite(value)) return false;
    let last = end - 1;
    // NumPy writes `9.780000000000000000e-01`: zeros at the end are no decimals.
    while (last > point && bytes[last] === 0x30) last--;
    this.value = value + 0;
    this.mantissa = null;
    this.decimals = Math.max(0, (point < 0 ? 0 : last - point) - exponent);
    return true;
  }

  /** Returns whether a cell that is no number marks a missing one. */
  static isMissing(bytes: Uint8Array, from: number, to: number): boolean {
    return to - from <= 4 && missingTexts.has(String.fromCharCode(...bytes.subarray(from, to)).toLowerCase());
  }
}

/** Returns the exponent at a byte, `e-01`; null where there is none. */
function exponentOf(bytes: Uint8Array, from: number, to: number): number | null {
  if ((bytes[from] | 0x20) !== 0x65) return null;
  const isNegative = bytes[from + 1] === 0x2d;
  const first = from + (isNegative || bytes[from + 1] === 0x2b ? 2 : 1);
  if (first >= to || to - first > MAX_EXPONENT_DIGITS) return null;
  let exponent = 0;
  for (let at = first; at < to; at++) {
    if (bytes[at] < 0x30 || bytes[at] > 0x39) return null;
    exponent = exponent * 10 + bytes[at] - 0x30;
  }
  return isNegative ? -exponent : exponent;
}

/** Eight characters at once: three times as fast as one call with all of them, which needs an array. */
function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    const [e, f, g, h] = [bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]];
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; at < to; at++) text += String.fromCharCode(bytes[at]);
  return text;
}
