/** Heartbeats of a recording by its annotations: R-peaks, classes, and which are sinus beats. */
import { classLabel, isHeartbeat, type ClassMap } from "../../contract/domain/class-maps.ts";
import { RECIPE_RATE } from "../../contract/domain/recipe.ts";
import type { AnnotatedBeats } from "../beats/windows.ts";
import { findEpisodes } from "../rhythm/episodes.ts";
import { ratioOfRates, resampledPosition } from "../signal/resample.ts";
import type { SourceBeats } from "./synthetic-recordings.ts";

/** Heartbeats, in order of time. Those without a class count in RR intervals and medians, but are no rows. */
export interface Heartbeats extends SourceBeats {
  /** R-peak of each beat: its sample number in the recording. */
  samples: number[];
  /** Annotation symbol of each beat. */
  symbols: string[];
}

/** Rhythms whose beats are no sinus beats, by WFDB's codes. */
const OTHER_RHYTHMS = new Set(["AFIB", "AFL", "VFL", "VT", "SVTA", "IVR", "NOD"]);
const FIBRILLATION = new Set(["AFIB", "AFL"]);
/** Symbols of escape beats, which come late. */
const ESCAPE_SYMBOLS = "ejn";

/** Returns the heartbeats within the leads. */
export function heartbeatsOf(
  recording: AnnotatedBeats & { length: number; rate: number; leadCount: number },
  classMap: ClassMap,
): Heartbeats {
  const { annotations, excluded, length, rate, leadCount } = recording;
  const ratio = ratioOfRates(rate, RECIPE_RATE);
  const beats = annotations.filter(({ symbol, sample }) => isHeartbeat(symbol) && sample >= 0 && sample < length);
  const labels = beats.map(({ symbol, sample }) =>
    excluded?.has(sample) === true ? undefined : classLabel(classMap, symbol),
  );
  const episodes = findEpisodes({ annotations, length, rate, leads: leadCount }).filter(
    ({ kind }) => kind === "rhythm",
  );
  const others = episodes.filter(({ code }) => OTHER_RHYTHMS.has(code));
  return {
    leadCount,
    samples: beats.map(({ sample }) => sample),
    symbols: beats.map(({ symbol }) => symbol),
    peaks: Int32Array.from(beats, ({ sample }) => resampledPosition(sample, ratio)),
    labels,
    isSinus: beats.map(
      ({ symbol, sample }, beat) =>
        labels[beat] === "N" &&
        !ESCAPE_SYMBOLS.includes(symbol) &&
        !others.some(({ from, to }) => sample >= from && sample < to),
    ),
    hasFibrillation: episodes.some(({ code }) => FIBRILLATION.has(code)),
  };
}
