/** When a patient's heart beats, and how: episodes of rhythms, with the beats that break them, on one time line. */
import type { RandomStream } from "../../random.ts";
import type { Episode, EventSymbol, PatientSpec, Rhythm } from "./patients.ts";
import type { AtrialWave } from "./shapes.ts";
import { heartRateVariability } from "./variability.ts";

export type BeatSymbol = "N" | "L" | "R" | "/" | EventSymbol;

export interface PlannedBeat {
  /** Seconds of the R-peak from the start; of the P wave for `x`. */
  time: number;
  symbol: BeatSymbol;
  /** Seconds since the beat before: sets the QT interval. */
  interval: number;
  atrial: AtrialWave;
}

export interface RhythmChange {
  /** Number of the first beat in it. */
  beat: number;
  /** WFDB's auxiliary text, such as `(AFIB`. */
  aux: string;
}

export interface TimeLine {
  beats: PlannedBeat[];
  rhythms: RhythmChange[];
  /** Stretches of atrial fibrillation, in seconds. */
  fibrillation: { from: number; to: number }[];
}

/** As the MIT-BIH database names them. */
const rhythmNames: Record<Rhythm, string> = {
  sinus: "(N",
  bradycardia: "(SBR",
  "atrial-fibrillation": "(AFIB",
  bigeminy: "(B",
  trigeminy: "(T",
  "atrial-bigeminy": "(AB",
  "ventricular-tachycardia": "(VT",
  "supraventricular-tachycardia": "(SVTA",
  paced: "(P",
};

const conducted = { normal: "N", lbbb: "L", rbbb: "R" } as const;

/** No two beats come closer than the heart can recover, in seconds. */
const refractory = 0.33;

/**
 * @param breathing breaths a second
 * @param duration seconds; all beats come before its end
 */
export function planRhythm(patient: PatientSpec, breathing: number, duration: number, random: RandomStream): TimeLine {
  const { variability: deviation, lowToHigh } = patient;
  const variation = heartRateVariability({ deviation, lowToHigh, breathing }, random);
  const own = conducted[patient.conduction];
  const mean = 60 / patient.rate;
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const beats: PlannedBeat[] = [];
  const rhythms: RhythmChange[] = [];
  const fibrillation: TimeLine["fibrillation"] = [];
  /** Last time the pacing cells fired: a premature ventricular beat does not reset them. */
  let clock = between(0.05, 0.4);
  let last = clock - mean;

  /** Adds a beat, and returns its time. */
  const beatAt = (time: number, symbol: BeatSymbol, atrial: AtrialWave): number => {
    const allowed = Math.max(time, last + refractory);
    beats.push({ time: allowed, symbol, interval: allowed - last, atrial });
    if (symbol !== "x") last = allowed;
    return allowed;
  };

  /** One cycle that the sinus node leads, or would have led. */
  const sinusCycle = (event: EventSymbol | null): void => {
    const cycle = mean + variation(clock);
    switch (event) {
      case null:
        clock = beatAt(clock + cycle, own, "sinus");
        break;
      case "Q":
        clock = beatAt(clock + cycle, "Q", "sinus");
        break;
      case "V":
        // The sinus node goes on unheard: its next beat but one comes on time (compensatory pause).
        beatAt(clock + cycle * between(0.53, 0.68), "V", "none");
        clock += cycle;
        break;
      case "F":
      case "f":
        beatAt(clock + cycle * between(0.9, 0.96), event, "sinus");
        clock += cycle;
        break;
      case "A":
      case "a":
      case "J":
        // The atria reach the sinus node and reset it: no full pause.
        clock = beatAt(clock + cycle * between(0.6, 0.74), event, event === "J" ? "retrograde" : "ectopic");
        clock += cycle * between(0.02, 0.12);
        break;
      case "j":
      case "e":
        clock = beatAt(clock + cycle * between(1.35, 1.55), event, event === "e" ? "ectopic" : "none");
        break;
      case "E":
        clock = beatAt(clock + cycle * between(1.7, 1.95), event, "none");
        break;
      case "x":
        beatAt(clock + cycle * between(0.5, 0.6), "x", "ectopic");
        clock += cycle * between(0.5, 0.6);
        break;
    }
  };

  /** One cycle of atrial fibrillation: any interval may follow any other. */
  const fibrillationCycle = (event: EventSymbol | null): void => {
    // Log-normal with a coefficient of variation of 0.22, as irregular as untreated patients are.
    const cycle = mean * Math.exp(0.22 * random.normal() - 0.024);
    if (event === "V") {
      beatAt(clock + between(0.4, 0.5), "V", "none");
      clock = last + 0.35 * mean;
    } else {
      clock = beatAt(clock + (event === "a" ? between(0.38, 0.45) : cycle), event ?? own, "none");
    }
  };

  /** One cycle of a pacemaker: as even as a clock, and held back by a premature beat. */
  const pacedCycle = (event: EventSymbol | null): void => {
    const early = event === "V" ? between(0.55, 0.68) : event === "f" ? between(0.97, 1) : 1;
    clock = beatAt(clock + mean * early, event ?? "/", "none");
  };

  const play = ({ rhythm, seconds, events }: Episode): void => {
    const aux = rhythmNames[rhythm];
    const from = clock + 0.1;
    rhythms.push({ beat: beats.length, aux });
    const cycles = Math.floor(seconds / mean);
    switch (rhythm) {
      case "sinus":
      case "bradycardia":
        for (const event of placeEvents(events, cycles, random)) sinusCycle(event);
        break;
      case "atrial-fibrillation":
        for (const event of placeEvents(events, cycles, random)) fibrillationCycle(event);
        fibrillation.push({ from, to: clock });
        break;
      case "paced":
        for (const event of placeEvents(events, cycles, random)) pacedCycle(event);
        break;
      case "bigeminy":
        for (let i = 0; i < cycles; i++) sinusCycle(i % 2 === 0 ? null : "V");
        break;
      case "trigeminy":
        for (let i = 0; i < cycles; i++) sinusCycle(i % 3 === 2 ? "V" : null);
        break;
      case "atrial-bigeminy":
        for (let i = 0; i < cycles; i++) sinusCycle(i % 2 === 0 ? null : "A");
        break;
      case "ventricular-tachycardia":
      case "supraventricular-tachycardia": {
        const ventricular = rhythm === "ventricular-tachycardia";
        const interval = ventricular ? between(0.38, 0.42) : between(0.35, 0.38);
        for (let i = 0; i < Math.max(3, Math.round(seconds / interval)); i++) {
          clock = beatAt(
            last + interval + 0.008 * random.normal(),
            ventricular ? "V" : "A",
            ventricular ? "none" : "ectopic",
          );
        }
        clock += 0.3 * mean;
        break;
      }
    }
  };

  patient.episodes.forEach(play);
  const rhythm = patient.episodes.at(-1)?.rhythm;
  const fibrillating = rhythm === "atrial-fibrillation" ? fibrillation.at(-1) : undefined;
  while (clock < duration) {
    if (fibrillating) fibrillationCycle(null);
    else if (rhythm === "paced") pacedCycle(null);
    else sinusCycle(null);
  }
  if (fibrillating) fibrillating.to = duration;
  return { beats: beats.filter(({ time }) => time < duration), rhythms, fibrillation };
}

/** Cycles, null or an event each: the events in random order, spread evenly with some chance, never side by side. */
function placeEvents(events: Episode["events"], cycles: number, random: RandomStream): (EventSymbol | null)[] {
  const symbols = (Object.entries(events) as [EventSymbol, number][]).flatMap(([symbol, count]) =>
    new Array<EventSymbol>(count).fill(symbol),
  );
  for (let i = symbols.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [symbols[i], symbols[j]] = [symbols[j], symbols[i]];
  }
  const placed = new Array<EventSymbol | null>(cycles).fill(null);
  for (const [i, symbol] of symbols.entries()) {
    const at = Math.floor(((i + 0.25 + 0.5 * random.uniform()) * cycles) / symbols.length);
    placed[at] = symbol;
  }
  return placed;
}
