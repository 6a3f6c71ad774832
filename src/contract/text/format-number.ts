/**
 * Numbers as text, for screens, the terminal and reports: counts with thousands separators, durations with their unit.
 */

/** Places between two digits with a multiple of three digits behind them. */
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** Formats a whole number with thousands separators: `1,025,143`. */
export function formatInteger(value: number): string {
  // Without toLocaleString, which loads ICU's data first: 15 ms of processor time in each command.
  return String(Math.round(value)).replace(THOUSANDS, ",");
}

/** Formats a count with its noun: `1 record`, `48 records`. */
export function counted(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Formats a duration in the unit that fits: `0.8 s`, `42 s`, `3 min 05 s`, `1 h 24 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** Formats milliseconds: `0.38 ms`, `21 ms`. */
export function formatMilliseconds(ms: number): string {
  return `${ms < 9.95 ? ms.toPrecision(2) : Math.round(ms)} ms`;
}
