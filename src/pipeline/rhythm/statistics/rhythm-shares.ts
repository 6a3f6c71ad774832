/** Rhythm burden: how much of a recording each annotated rhythm takes. Pure. */
import type { RhythmShare } from "../../../contract/domain/recording-report.ts";
import type { Episode } from "../../../contract/domain/rhythm.ts";

/**
 * Returns the share of each rhythm, the longest first. The burden of atrial fibrillation is its share of the
 * recording's duration, as in the 2017 ISHNE-HRS statement on ambulatory ECG (J. S. Steinberg et al., Heart Rhythm 14
 * (2017), e55–e96).
 * @param episodes episodes of rhythms, in samples @param length samples of the recording @param rate in Hz
 */
export function rhythmShares(episodes: readonly Episode[], length: number, rate: number): RhythmShare[] {
  const shares = new Map<string, RhythmShare>();
  for (const { kind, code, from, to } of episodes) {
    if (kind !== "rhythm") continue;
    const seconds = (to - from) / rate;
    const share = shares.get(code) ?? { code, episodes: 0, seconds: 0, share: 0, longest: 0 };
    share.episodes++;
    share.seconds += seconds;
    share.share = share.seconds / (length / rate);
    share.longest = Math.max(share.longest, seconds);
    shares.set(code, share);
  }
  return [...shares.values()].sort((a, b) => b.seconds - a.seconds);
}

/** Rhythms in which beats of class N are not led by the sinus node, or beats are dropped. */
const OTHER_RHYTHMS = new Set(
  ["AFIB", "AFL", "AT", "SVTA", "J", "NOD", "P"].concat([
    "IVR",
    "VT",
    "VFL",
    "VF",
    "VFIB",
    "ASYS",
    "BII",
    "BIII",
    "SAB",
  ]),
);

/** Returns the episodes whose intervals are no NN intervals. */
export function otherRhythms(episodes: readonly Episode[]): Episode[] {
  return episodes.filter(({ kind, code }) => kind === "rhythm" && OTHER_RHYTHMS.has(code));
}
