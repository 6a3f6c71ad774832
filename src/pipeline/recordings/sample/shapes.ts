/**
 * Shapes of heartbeats in two leads: waves as asymmetric Gaussians around the R-peak.
 *
 * McSharry et al. 2003 (IEEE Trans Biomed Eng 50:289) model each wave as a Gaussian of the phase on a limit cycle. Here
 * a wave is the same Gaussian in time: the phase is linear within a beat, so its integral is known (see render.ts).
 * Both leads have the same wave times and different heights, as in Sameni et al. 2007 (EURASIP J Adv Signal Process).
 */
import type { RandomStream } from "../../random.ts";

export interface Wave {
  /** Seconds from the R-peak; negative before it. */
  center: number;
  /** Standard deviations of the rising and the falling flank, in seconds. */
  rise: number;
  fall: number;
  /** Heights in mV: MLII, V1. */
  height: [number, number];
}

export interface Shape {
  /** The QRS complex, whose times do not depend on the heart rate. */
  qrs: Wave[];
  /** ST segment and T wave, at 60 beats per minute. */
  repolarisation: Wave[];
  /** Artefact: a pacemaker's spike. */
  artefact: Wave[];
}

export type ShapeName = "normal" | "lbbb" | "rbbb" | "pvc-right" | "pvc-left" | "escape" | "paced";

/** Center, rise and fall in ms, heights in mV. */
type Row = [center: number, rise: number, fall: number, mlii: number, v1: number];

const wave = ([center, rise, fall, mlii, v1]: Row): Wave => ({
  center: center / 1000,
  rise: rise / 1000,
  fall: fall / 1000,
  height: [mlii, v1],
});
const shape = (qrs: Row[], repolarisation: Row[], artefact: Row[] = []): Shape => ({
  qrs: qrs.map(wave),
  repolarisation: repolarisation.map(wave),
  artefact: artefact.map(wave),
});

/** Typical shapes; each patient has variants of them. */
const typical: Record<ShapeName, Shape> = {
  // qRs in MLII, rS in V1; 80 to 90 ms wide.
  normal: shape(
    [
      [-24, 7, 7, -0.09, 0],
      [-11, 8, 8, 0, 0.27],
      [0, 10, 10, 1.15, 0],
      [9, 11, 12, 0, -0.95],
      [24, 8, 9, -0.2, 0],
    ],
    [[270, 62, 38, 0.28, 0.09]],
  ),
  // Left bundle branch block: broad notched R in MLII, deep broad S in V1, T against the complex; 140 ms wide.
  lbbb: shape(
    [
      [-34, 9, 10, 0, 0.07],
      [0, 22, 17, 0.92, -0.6],
      [45, 17, 24, 0.62, -1.1],
    ],
    [
      [130, 45, 60, -0.07, 0.16],
      [300, 75, 46, -0.27, 0.4],
    ],
  ),
  // Right bundle branch block: broad slurred S in MLII, rSR' in V1; 130 ms wide.
  rbbb: shape(
    [
      [-25, 7, 7, -0.08, 0],
      [-9, 8, 8, 0, 0.28],
      [0, 10, 11, 0.98, 0],
      [15, 9, 9, 0, -0.5],
      [50, 17, 21, -0.27, 0.72],
    ],
    [[275, 62, 40, 0.22, -0.22]],
  ),
  // Premature beat from the right ventricle: like a left bundle branch block, taller and wider.
  "pvc-right": shape(
    [
      [-46, 15, 16, 0.14, -0.1],
      [0, 26, 24, 1.6, -1.35],
      [60, 22, 28, -0.3, 0.14],
    ],
    [
      [125, 45, 60, -0.12, 0.12],
      [295, 75, 50, -0.55, 0.46],
    ],
  ),
  // Premature beat from the left ventricle: negative in MLII, positive in V1.
  "pvc-left": shape(
    [
      [-48, 12, 14, 0.2, 0.1],
      [0, 24, 28, -1.35, 1.05],
      [64, 22, 26, 0.16, 0.2],
    ],
    [
      [125, 45, 60, 0.1, -0.1],
      [295, 75, 50, 0.5, -0.4],
    ],
  ),
  // Ventricular escape beat: lower and wider still, with a slow onset.
  escape: shape(
    [
      [-44, 20, 18, 0.3, 0.2],
      [0, 24, 34, 1.1, -0.8],
      [80, 26, 30, -0.42, 0.3],
    ],
    [[340, 85, 58, -0.36, 0.36]],
  ),
  // Paced from the apex of the right ventricle: a spike, then negative in both leads.
  paced: shape(
    [
      [-34, 12, 12, 0.1, 0.05],
      [0, 28, 34, -1.2, -0.9],
      [78, 24, 30, 0.18, 0.12],
    ],
    [
      [135, 45, 60, 0.1, 0.08],
      [320, 80, 55, 0.48, 0.38],
    ],
    [[-58, 2, 2, 0.9, 0.6]],
  ),
};

/** P waves, centred relative to the R-peak. */
const typicalAtrial = {
  sinus: (
    [
      [-160, 24, 22, 0.14, 0.06],
      [-132, 14, 16, 0, -0.05],
    ] satisfies Row[]
  ).map(wave),
  /** Ectopic atrial wave: another direction, and shorter conduction. */
  ectopic: ([[-128, 18, 17, -0.12, 0.1]] satisfies Row[]).map(wave),
  /** Retrograde wave from the AV node, in the ST segment. */
  retrograde: ([[105, 16, 18, -0.1, 0.06]] satisfies Row[]).map(wave),
};

export type AtrialWave = keyof typeof typicalAtrial | "none";

/** Shapes of one patient. */
export interface Morphology {
  shapes: Record<ShapeName, Shape>;
  atrial: Record<AtrialWave, Wave[]>;
}

/** Draws the shapes of a patient: typical ones with random variations of height, width and time. */
export function drawMorphology(random: RandomStream): Morphology {
  const size = Math.exp(0.12 * random.normal());
  const tWave = Math.exp(0.2 * random.normal());
  const vary = (waves: Wave[], factor: number): Wave[] =>
    waves.map(({ center, rise, fall, height: [mlii, v1] }) => {
      const width = Math.exp(0.06 * random.normal());
      return {
        // The main deflection is not moved, because it defines the R-peak.
        center: center === 0 ? 0 : center * (1 + 0.05 * random.normal()),
        rise: rise * width,
        fall: fall * width,
        height: [mlii * factor * Math.exp(0.1 * random.normal()), v1 * factor * Math.exp(0.15 * random.normal())],
      };
    });
  const varied = (name: ShapeName): Shape => ({
    qrs: vary(typical[name].qrs, size),
    repolarisation: vary(typical[name].repolarisation, size * tWave),
    artefact: typical[name].artefact,
  });
  return {
    shapes: {
      normal: varied("normal"),
      lbbb: varied("lbbb"),
      rbbb: varied("rbbb"),
      "pvc-right": varied("pvc-right"),
      "pvc-left": varied("pvc-left"),
      escape: varied("escape"),
      paced: varied("paced"),
    },
    atrial: {
      sinus: vary(typicalAtrial.sinus, 1),
      ectopic: vary(typicalAtrial.ectopic, random.uniform() < 0.5 ? 1 : -0.8),
      retrograde: vary(typicalAtrial.retrograde, 1),
      none: [],
    },
  };
}

/** Lead of the ectopic activation over the conducted one in a fusion beat, in seconds. */
const fusionHeadStart = 0.028;

/** Fuses two activations of the ventricles: the ectopic one starts the beat, and the conducted one ends it. */
export function fuse(conducted: Shape, ectopic: Shape, share: number): Shape {
  const earlier = (waves: Wave[]): Wave[] => waves.map((wave) => ({ ...wave, center: wave.center - fusionHeadStart }));
  return {
    qrs: [...scale(conducted.qrs, share), ...scale(earlier(ectopic.qrs), 1 - share)],
    repolarisation: [...scale(conducted.repolarisation, share), ...scale(ectopic.repolarisation, 1 - share)],
    artefact: [...conducted.artefact, ...earlier(ectopic.artefact)],
  };
}

/** Scales the heights of waves. */
export function scale(waves: Wave[], factor: number): Wave[] {
  return waves.map((entry) => ({ ...entry, height: [entry.height[0] * factor, entry.height[1] * factor] }));
}
