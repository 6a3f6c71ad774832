/** Fictitious patients of the sample recordings: conduction, rhythms and ectopic beats. */
import { randomStream } from "../../random.ts";

export type Conduction = "normal" | "lbbb" | "rbbb";

export type Rhythm =
  | "sinus"
  | "bradycardia"
  | "atrial-fibrillation"
  | "bigeminy"
  | "trigeminy"
  | "atrial-bigeminy"
  | "ventricular-tachycardia"
  | "supraventricular-tachycardia"
  | "paced";

/** Beats that interrupt an episode's rhythm; `x` is a blocked P wave. */
export type EventSymbol = "V" | "F" | "A" | "a" | "J" | "j" | "e" | "E" | "x" | "Q" | "f";

export interface Episode {
  rhythm: Rhythm;
  /** Approximate duration: variability and events change it. */
  seconds: number;
  /** Number of each event, spread over the episode. */
  events: Partial<Record<EventSymbol, number>>;
}

export interface PatientSpec {
  /** Record name. */
  name: string;
  age: number;
  sex: "F" | "M";
  /** Findings, for the header's comments. */
  findings: string;
  conduction: Conduction;
  /** Ventricle of premature ventricular beats. */
  focus: "left" | "right";
  /** Sinus rate, or mean ventricular rate in atrial fibrillation, in beats per minute. */
  rate: number;
  /** Standard deviation of sinus RR intervals, in seconds. */
  variability: number;
  /** Ratio of the RR intervals' power near 0.1 Hz to the power at the breathing rate. */
  lowToHigh: number;
  /** Muscle noise, root mean square in mV. */
  noise: number;
  /** Episodes in order; the last one lasts to the end of the recording. */
  episodes: Episode[];
}

const episode = (rhythm: Rhythm, seconds: number, events: Episode["events"] = {}): Episode => ({
  rhythm,
  seconds,
  events,
});

/** Typical values, which some patients override. */
const usual = { conduction: "normal", focus: "right", variability: 0.027, lowToHigh: 0.8, noise: 0.013 } as const;

/** The episodes of a patient last about 265 of 300 seconds in total, which leaves time for pauses. */
const patients: Omit<PatientSpec, "name">[] = [
  {
    ...usual,
    ...{ age: 34, sex: "F", rate: 74, lowToHigh: 0.5 },
    findings: "sinus rhythm, rare ectopic beats",
    episodes: [episode("sinus", 270, { A: 4, V: 4 })],
  },
  {
    ...usual,
    ...{ age: 26, sex: "M", rate: 54, variability: 0.085, lowToHigh: 0.25, noise: 0.01 },
    findings: "sinus bradycardia with respiratory arrhythmia, escape beats, blocked atrial beats",
    episodes: [episode("bradycardia", 260, { j: 9, e: 8, x: 7 })],
  },
  {
    ...usual,
    ...{ age: 61, sex: "M", rate: 86, variability: 0.022 },
    findings: "frequent premature ventricular beats, runs of ventricular tachycardia",
    episodes: [
      episode("sinus", 95, { V: 14, F: 5 }),
      episode("ventricular-tachycardia", 2.4),
      episode("sinus", 85, { V: 12, F: 4 }),
      episode("ventricular-tachycardia", 4),
      episode("sinus", 80, { V: 12, F: 3 }),
    ],
  },
  {
    ...usual,
    ...{ age: 72, sex: "F", focus: "left", rate: 92, noise: 0.016 },
    findings: "atrial fibrillation, premature ventricular and aberrated beats",
    episodes: [episode("atrial-fibrillation", 265, { V: 16, a: 9, Q: 3 })],
  },
  {
    ...usual,
    ...{ age: 69, sex: "M", conduction: "lbbb", focus: "left", rate: 70 },
    findings: "left bundle branch block, premature ventricular beats, ventricular escape beats",
    episodes: [episode("sinus", 260, { V: 14, E: 7, A: 4 })],
  },
  {
    ...usual,
    ...{ age: 58, sex: "F", conduction: "rbbb", rate: 76 },
    findings: "right bundle branch block, premature atrial beats",
    episodes: [episode("sinus", 268, { A: 22, V: 5 })],
  },
  {
    ...usual,
    ...{ age: 66, sex: "M", focus: "left", rate: 78 },
    findings: "ventricular bigeminy and trigeminy",
    episodes: [
      episode("sinus", 60, { V: 4, F: 4 }),
      episode("bigeminy", 50),
      episode("sinus", 50, { V: 3, F: 4 }),
      episode("trigeminy", 55),
      episode("sinus", 50, { F: 4 }),
    ],
  },
  {
    ...usual,
    ...{ age: 49, sex: "F", rate: 80, lowToHigh: 0.6 },
    findings: "premature atrial and junctional beats, runs of supraventricular tachycardia",
    episodes: [
      episode("sinus", 90, { A: 10, J: 4, a: 4 }),
      episode("supraventricular-tachycardia", 5),
      episode("sinus", 70, { A: 8, J: 4, a: 4 }),
      episode("atrial-bigeminy", 35),
      episode("sinus", 65, { A: 6, J: 3, a: 4 }),
    ],
  },
  {
    ...usual,
    ...{ age: 75, sex: "M", focus: "left", rate: 72, noise: 0.015 },
    findings: "paroxysmal atrial fibrillation",
    episodes: [
      episode("sinus", 75, { A: 8, J: 4 }),
      episode("atrial-fibrillation", 80, { V: 5, a: 3 }),
      episode("sinus", 60, { A: 5, V: 3, J: 3 }),
      episode("atrial-fibrillation", 50, { V: 2 }),
    ],
  },
  {
    ...usual,
    ...{ age: 79, sex: "F", conduction: "lbbb", rate: 64 },
    findings: "left bundle branch block, premature atrial beats, escape beats",
    episodes: [episode("sinus", 255, { A: 12, V: 8, E: 5, j: 4 })],
  },
  {
    ...usual,
    ...{ age: 70, sex: "M", conduction: "rbbb", focus: "left", rate: 68 },
    findings: "right bundle branch block, premature ventricular beats, pauses",
    episodes: [
      episode("sinus", 120, { V: 10, F: 4, E: 3, j: 3, x: 3 }),
      episode("ventricular-tachycardia", 2),
      episode("sinus", 125, { V: 10, F: 4, E: 3, e: 5, x: 3 }),
    ],
  },
  {
    ...usual,
    ...{ age: 81, sex: "M", rate: 72, noise: 0.015 },
    findings: "ventricular pacemaker, own rhythm at times",
    episodes: [
      episode("paced", 110, { f: 9, V: 5, Q: 4 }),
      episode("sinus", 50, { V: 2 }),
      episode("paced", 105, { f: 9, V: 4, Q: 4 }),
    ],
  },
];

/**
 * Returns the twelve patients. The seed varies ages, rates and noise slightly, but not the rhythms.
 *
 * @param seed an integer, 0 to 2³²−1
 */
export function samplePatients(seed: number): PatientSpec[] {
  return patients.map((patient, index) => {
    const name = `s${String(index + 1).padStart(2, "0")}`;
    const random = randomStream(seed, "sample", name, "patient");
    return {
      ...patient,
      name,
      age: patient.age + random.below(5) - 2,
      rate: Math.round(patient.rate * (0.96 + 0.08 * random.uniform())),
      noise: patient.noise * (0.8 + 0.4 * random.uniform()),
    };
  });
}
