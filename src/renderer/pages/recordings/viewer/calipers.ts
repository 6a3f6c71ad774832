/** Measures with calipers: interval, rate and amplitudes between two samples. Pure. */

/** The legs of the calipers, as samples. */
export interface Calipers {
  from: number;
  to: number;
}

/** Returns the interval in s, never negative. @param rate in Hz */
export function intervalOf({ from, to }: Calipers, rate: number): number {
  return Math.abs(to - from) / rate;
}

/** Describes interval and rate: `812 ms · 74 bpm`. */
export function describeInterval(calipers: Calipers, rate: number): string {
  const seconds = intervalOf(calipers, rate);
  const ms = `${Math.round(1000 * seconds)} ms`;
  return seconds === 0 ? ms : `${ms} · ${Math.round(60 / seconds)} bpm`;
}

/** Formats an amplitude with two decimals and a minus sign; `–` for a missing value. */
export function formatAmplitude(value: number | undefined, units = ""): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  // No negative zero.
  const text = value.toFixed(2).replace(/^-0\.00$/, "0.00");
  return `${text.replace("-", "−")} ${units}`.trimEnd();
}

/**
 * Describes the amplitudes at the legs and their difference: `MLII Δ −0.35 mV (1.00 to 0.65)`.
 * @param from and to values of all leads at each leg; null where they are not loaded
 * @param leads numbers and names of the drawn leads
 */
export function describeDifferences(
  from: readonly number[] | null,
  to: readonly number[] | null,
  leads: readonly { lead: number; name: string; units: string }[],
): string {
  if (!from || !to) return "amplitudes: zoom in";
  return leads
    .map(({ lead, name, units }) => {
      const difference = formatAmplitude(to[lead] - from[lead], units);
      return `${name} Δ ${difference} (${formatAmplitude(from[lead])} to ${formatAmplitude(to[lead])})`;
    })
    .join(" · ");
}

/** Moves a leg by samples, inside the recording. */
export function moveLeg(calipers: Calipers, leg: keyof Calipers, by: number, length: number): Calipers {
  return { ...calipers, [leg]: Math.max(0, Math.min(length - 1, calipers[leg] + by)) };
}
