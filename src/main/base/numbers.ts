/** Figures as people read them, in the terminal and on paper: thousands apart, as many digits as they deserve. */
import type { Spread } from "../../contract/domain/comparison.ts";

/** `1,025,143` */
export function formatInteger(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1 record`, `48 records` */
export function counted(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A share from 0 to 1 as `99.64 %`. */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "–";
}

/** A score from 0 to 1 with three digits, `0.974`. */
export function formatScore(score: number): string {
  return Number.isFinite(score) ? score.toFixed(3) : "–";
}

/** Mean ± SD of shares, `97.43 % ± 0.59`. */
export function formatPercentSpread({ mean, deviation }: Spread): string {
  return `${formatPercent(mean ?? 0)} ± ${((deviation ?? 0) * 100).toFixed(2)}`;
}

/** `0.8 s`, `42 s`, `3 min 05 s`, `1 h 24 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
