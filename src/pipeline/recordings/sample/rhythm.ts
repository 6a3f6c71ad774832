/** Plans the beats of a patient: episodes of rhythms and the beats that interrupt them, on one time line. */
import type { RandomStream } from "../../random.ts";
import type { Episode, EventSymbol, PatientSpec, Rhythm } from "./patients.ts";
import type { AtrialWave } from "./shapes.ts";
import { heartRateVariability } from "./variability.ts";

export type BeatSymbol = "N" | "L" | "R" | "/" | EventSymbol;

export interface PlannedBeat {
  /** Time of the R-peak from the start, in seconds; of the P wave for `x`. */
  time: number;
  symbol: BeatSymbol;
  /** Time since the previous beat, in seconds, which determines the QT interval. */
  interval: number;
  atrial: AtrialWave;
}

export interface RhythmChange {
  /** Number of its first beat. */
  beat: number;
  /** WFDB's auxiliary text, such as `(AFIB`. */
  aux: string;
}

export interface TimeLine {
  beats: PlannedBeat[];
  rhythms: RhythmChange[];
  /** Intervals of atrial fibrillation, in seconds. */
  fibrillation: { from: number; to: number }[];
}

/** Names in the MIT-BIH database. */
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

/** Shortest interval between two beats, in seconds: the refractory period. */
const refractory = 0.33;

/**
 * Plans all beats.
 * @param breathing breathing rate in Hz
 * @param duration end of the last beat, in seconds
 */
export function planRhythm(patient: PatientSpec, breathing: number, duration: number, random: RandomStream): TimeLine {
  const { variability: deviation, lowToHigh } = patient;
  const variation = heartRateVariability({ deviation, lowToHigh, breathing }, random);
  const normalSymbol = conducted[patient.conduction];
  const mean = 60 / patient.rate;
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const beats: PlannedBeat[] = [];
  const rhythms: RhythmChange[] = [];
  const fibrillation: TimeLine["fibrillation"] = [];
  /** Last discharge of the pacing cells, which a premature ventricular beat does not reset. */
  let clock = between(0.05, 0.4);
  let last = clock - mean;

  /** Adds a beat, and returns its time. */
  const beatAt = (time: number, symbol: BeatSymbol, atrial: AtrialWave): number => {
    const allowed = Math.max(time, last + refractory);
    beats.push({ time: allowed, symbol, interval: allowed - last, atrial });
    if (symbol !== "x") last = allowed;
    return allowed;
  };

  /** Adds one cycle of the sinus node. */
  const sinusCycle = (event: EventSymbol | null): void => {
    const cycle = mean + variation(clock);
    switch (event) {
      case null:
        clock = beatAt(clock + cycle, normalSymbol, "sinus");
        break;
      case "Q":
        clock = beatAt(clock + cycle, "Q", "sinus");
        break;
      case "V":
        // The sinus node continues without conduction: the beat after the next one is on time (compensatory pause).
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
        // The atrial activation resets the sinus node: no full compensatory pause.
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

  /** Adds one cycle of atrial fibrillation, whose intervals are independent. */
  const fibrillationCycle = (event: EventSymbol | null): void => {
    // Log-normal with a coefficient of variation of 0.22, as in untreated patients.
    const cycle = mean * Math.exp(0.22 * random.normal() - 0.024);
    if (event === "V") {
      beatAt(clock + between(0.4, 0.5), "V", "none");
      clock = last + 0.35 * mean;
    } else {
      clock = beatAt(clock + (event === "a" ? between(0.38, 0.45) : cycle), event ?? normalSymbol, "none");
    }
  };

  /** Adds one cycle of a pacemaker: constant intervals, delayed by a premature beat. */
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

/** Returns an event or null for each cycle: events in random order, spread evenly with jitter, never adjacent. */
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
