/** Decimal numbers in the bytes of a text, without a string for each: most of a large file's time goes here. */

const MAX_EXACT_DIGITS = 15;
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
    this.#point = decimalComma ? 0x2c : 0x2e;
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
    return this.#parseText(bytes, from, to);
  }

  #parseText(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from > 60) return false;
    const text = String.fromCharCode(...bytes.subarray(from, to)).replace(String.fromCharCode(this.#point), ".");
    const parts = /^[+-]?\d*(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
    const value = parts === null ? Number.NaN : Number(text);
    if (parts === null || !Number.isFinite(value)) return false;
    this.value = value + 0;
    this.mantissa = null;
    this.decimals = Math.max(0, significantDecimals(parts[1] ?? "") - Number(parts[2] ?? 0));
    return true;
  }

  /** Returns whether a cell that is no number marks a missing one. */
  static isMissing(bytes: Uint8Array, from: number, to: number): boolean {
    return to - from <= 4 && missingTexts.has(String.fromCharCode(...bytes.subarray(from, to)).toLowerCase());
  }
}

/** NumPy writes `9.780000000000000000e-01`: zeros at the end are no decimals. */
function significantDecimals(fraction: string): number {
  return fraction.replace(/0+$/, "").length;
}
