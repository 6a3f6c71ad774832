/** Metrics as text: one format for the window, the command line and reports. */

/** Text in place of a metric that has no value. */
export const NO_METRIC = "–";

/** Formats a share from 0 to 1 in %, with two decimals: `88.57 %`. */
export function formatMetric(share: number | null | undefined): string {
  return isNumber(share) ? `${hundredths(share)} %` : NO_METRIC;
}

/**
 * Formats mean and standard deviation of shares from 0 to 1: `97.43 ± 0.59 %`; `97.43 %` where there is no deviation.
 */
export function formatMetricSpread({ mean, deviation }: { mean: number | null; deviation: number | null }): string {
  return isNumber(mean) && isNumber(deviation)
    ? `${hundredths(mean)} ± ${hundredths(deviation)} %`
    : formatMetric(mean);
}

/** Formats the bounds of a share from 0 to 1, in %: `90.64–94.24`. */
export function formatInterval({ low, high }: { low: number; high: number }): string {
  return `${hundredths(low)}–${hundredths(high)}`;
}

function hundredths(share: number): string {
  return (100 * share).toFixed(2);
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
