/**
 * Numbers that a user types: their syntax, and their range. The window, the command line and the services share both.
 */
import { shortened } from "../text/shorten.ts";

/** Range of a number; the limits themselves are allowed unless `aboveMin` or `belowMax` says otherwise. */
export interface NumberRange {
  min: number;
  /** Without it, the range has no upper limit. */
  max?: number;
  aboveMin?: true;
  belowMax?: true;
  /** Whether the number must be whole. */
  whole?: true;
}

export type TypedNumber = { value: number; problem?: undefined } | { value?: undefined; problem: string };

/**
 * Reads a number as it was typed: with a decimal point or a decimal comma, with an exponent. A separator that could
 * also mark thousands, such as in `50,000`, is refused: the number is never guessed.
 */
export function readNumber(text: string, range?: NumberRange, unit = ""): TypedNumber {
  const typed = text.trim().replace("−", "-");
  if (typed === "") return { problem: range === undefined ? "Enter a number." : rangeSentence(range, unit) };
  if (isAmbiguous(typed, range)) {
    const digits = typed.replaceAll(/[.,]/g, "");
    return { problem: `${quoted(text)} is ambiguous. Write ${shortened(digits, MAX_QUOTED)} without separators.` };
  }
  const value = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(typed) ? Number(typed.replace(",", ".")) : NaN;
  if (!Number.isFinite(value)) return { problem: `${quoted(text)} is not a number.` };
  const problem = range === undefined ? null : rangeProblem(value, range, unit);
  return problem === null ? { value } : { problem };
}

/** Most characters of a typed text in a message. */
const MAX_QUOTED = 40;

function quoted(text: string): string {
  return `“${shortened(text.trim(), MAX_QUOTED)}”`;
}

/**
 * Returns whether a text may be a whole number with separators of thousands: `1,000`, `1,000,000`, and `1.000` for a
 * whole number.
 */
function isAmbiguous(text: string, range: NumberRange | undefined): boolean {
  if (/^[+-]?\d{1,3}([.,]\d{3}){2,}$/.test(text)) return true;
  const grouped = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/.exec(text);
  return grouped !== null && (grouped[1] === "," || range?.whole === true);
}

/** Returns what is wrong with a number, in one sentence with the allowed range; null: nothing. */
export function rangeProblem(value: number, range: NumberRange, unit = ""): string | null {
  const { min, max = Infinity, aboveMin, belowMax, whole } = range;
  const fits =
    Number.isFinite(value) &&
    (aboveMin ? value > min : value >= min) &&
    (belowMax ? value < max : value <= max) &&
    (!whole || Number.isInteger(value));
  return fits ? null : rangeSentence(range, unit);
}

/** `Enter a whole number from 1 to 65,536 (beats).` */
function rangeSentence(range: NumberRange, unit: string): string {
  return `Enter ${rangeText(range)}${unit === "" ? "" : ` (${unit})`}.`;
}

/** `a whole number from 1 to 65,536`, `a number above 0, at most 10`, `a number from 0 to below 1` */
function rangeText({ min, max, aboveMin, belowMax, whole }: NumberRange): string {
  const kind = whole ? "a whole number" : "a number";
  if (max === undefined) return aboveMin ? `${kind} above ${limitText(min)}` : `${kind} of at least ${limitText(min)}`;
  if (aboveMin) return `${kind} above ${limitText(min)}, ${belowMax ? "below" : "at most"} ${limitText(max)}`;
  return `${kind} from ${limitText(min)} to ${belowMax ? "below " : ""}${limitText(max)}`;
}

function limitText(limit: number): string {
  return Number.isInteger(limit) ? limit.toLocaleString("en-US") : String(limit);
}
