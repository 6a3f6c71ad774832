/** Heart rate variability: oscillations of RR intervals with blood pressure (0.1 Hz) and breathing. */
import type { RandomStream } from "../../random.ts";

export interface Variability {
  /** Standard deviation of the RR intervals, in seconds. */
  deviation: number;
  /** Ratio of the power near 0.1 Hz to the power at the breathing rate. */
  lowToHigh: number;
  /** Breathing rate in Hz. */
  breathing: number;
}

const lowFrequency = 0.1;
/** Width of both bands, in Hz (McSharry et al. 2003, c1 = c2 = 0.01). */
const bandWidth = 0.01;
const step = 0.002;

/**
 * McSharry et al. 2003, section II-B: the RR process has a power spectrum of two Gaussians and random phases. They
 * compute its inverse Fourier transform on a grid and interpolate; here the same sum of cosines is evaluated at the
 * beats only.
 *
 * @returns function of time in seconds: the deviation of an RR interval from its mean, in seconds
 */
export function heartRateVariability(
  { deviation, lowToHigh, breathing }: Variability,
  random: RandomStream,
): (time: number) => number {
  const band = (f: number, center: number): number => Math.exp(-((f - center) ** 2) / (2 * bandWidth ** 2));
  const parts: { angular: number; amplitude: number; phase: number }[] = [];
  let power = 0;
  for (let f = 0.05; f < breathing + 0.05; f += step) {
    const density = lowToHigh * band(f, lowFrequency) + band(f, breathing);
    // Frequencies off the grid, so that the pattern does not repeat after 1/step seconds.
    const frequency = f + step * (random.uniform() - 0.5);
    parts.push({
      angular: 2 * Math.PI * frequency,
      amplitude: Math.sqrt(2 * density),
      phase: 2 * Math.PI * random.uniform(),
    });
    power += density;
  }
  const factor = deviation / Math.sqrt(power);
  return (time) => {
    let sum = 0;
    for (const { angular, amplitude, phase } of parts) sum += amplitude * Math.cos(angular * time + phase);
    return factor * sum;
  };
}
