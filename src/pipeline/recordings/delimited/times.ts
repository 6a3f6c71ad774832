/** Cells of a time column. */
import type { TimeUnit } from "./layout.ts";

const CLOCK = /^\[?(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)(?:\s+\d{2}\/\d{2}\/\d{4})?\]?$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2}(?:[.,]\d{1,9})?)(?:Z|[+-]\d{2}:?\d{2})?$/;
const DAY_SECONDS = 86_400;

/** Seconds in one unit of a number. */
export const secondsPerUnit: Readonly<Record<Exclude<TimeUnit, "clock" | "sample">, number>> = {
  s: 1,
  ms: 1e-3,
  us: 1e-6,
};

/** Returns the seconds of a clock cell; null where it is none. Date and time count from the year 0. */
export function clockSeconds(text: string): number | null {
  const date = DATE_TIME.exec(text);
  if (date !== null) {
    const [year, month, day, hour, minute] = date.slice(1, 6).map(Number);
    if (month < 1 || month > 12 || day < 1 || day > 31) return null;
    return daysUntil(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + secondsOf(date[6]);
  }
  const clock = CLOCK.exec(text);
  if (clock === null) return null;
  return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + secondsOf(clock[3]);
}

/** Returns date and time of a clock cell in ISO 8601, without a zone; null: it has no date. */
export function clockDate(text: string): string | null {
  const date = DATE_TIME.exec(text);
  if (date === null || clockSeconds(text) === null) return null;
  const [, year, month, day, hour, minute, second] = date;
  return `${year}-${month}-${day}T${hour}:${minute}:${second.replace(",", ".")}`;
}

function secondsOf(text: string): number {
  return Number(text.replace(",", "."));
}

/** Days of the proleptic Gregorian calendar before a date (Fliegel and Van Flandern, 1968, with another origin). */
function daysUntil(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const m = (month + 9) % 12;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day;
}

const usualRates = [
  ...[50, 60, 64, 100, 120, 125, 128, 180, 200, 240, 250, 256, 257, 300, 320, 360, 400, 480, 500, 512, 600, 720, 800],
  ...[960, 977, 1000, 1024, 1200, 2000, 2048, 2400, 4000, 4096, 5000, 8000, 10_000],
];

/**
 * Returns the rate of a recorder from a measured one: a usual rate, an integer or the measured rate itself.
 * @param error relative error of the measured rate
 */
export function likelyRate(measured: number, error: number): number {
  const isNear = (rate: number, tolerance: number): boolean => Math.abs(measured / rate - 1) <= tolerance;
  const usual = usualRates.filter((rate) => isNear(rate, Math.max(error, 1e-4)));
  if (usual.length > 0) {
    return usual.reduce((best, rate) => (Math.abs(rate - measured) < Math.abs(best - measured) ? rate : best));
  }
  const rounded = Math.round(measured);
  return rounded >= 1 && isNear(rounded, Math.max(error, 1e-6)) ? rounded : measured;
}
