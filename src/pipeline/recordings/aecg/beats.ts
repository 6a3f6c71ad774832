/**
 * Beats among the annotations of an HL7 aECG file.
 *
 * Source: B. D. Brown and F. Badilini, "HL7 aECG Implementation Guide" (2005), section 6: an annotation has a code, a
 * value, a region of interest with boundaries in time, and annotations in it. Codes of beats: ISO/IEEE 11073-10102, as
 * DICOM's context group 3335 lists them.
 */
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { note } from "../messages.ts";
import { attributeAt, elementsAt, type XmlElement } from "../xml/xml.ts";

const BEAT = "MDC_ECG_BEAT";
/** Symbols of WFDB by the part of a code after `MDC_ECG_BEAT_`; a beat of another code is unclassified, `Q`. */
const symbols: Readonly<Record<string, string>> = {
  NORMAL: "N",
  SV_P_C: "S",
  ATR_P_C: "A",
  JUNC_P_C: "J",
  ATR_P_C_ABERR: "a",
  ATR_PWAVE_BLK: "x",
  V_P_C: "V",
  V_P_C_FUSION: "F",
  V_P_C_RonT: "r",
  SV_ESC: "n",
  ATR_ESC: "e",
  JUNC_ESC: "j",
  V_ESC: "E",
  BB_BLK: "B",
  LBB_BLK_COMP: "L",
  LBB_BLK_INCOMP: "L",
  RBB_BLK_COMP: "R",
  RBB_BLK_INCOMP: "R",
  PACED: "/",
  PACED_FUS: "f",
  LEARN: "?",
};
const UNCLASSIFIED = "Q";
/** Waves that hold the R-peak, the narrowest first. */
const PEAK_WAVES = ["MDC_ECG_WAVC_RWAVE", "MDC_ECG_WAVC_QRSWAVE"];
/** Longest interval whose middle is taken as the R-peak: a wide QRS complex. */
const MAX_INTERVAL_SECONDS = 0.25;
const MAX_DEPTH = 8;

/** Times of a series. */
export interface SeriesTimes {
  rate: number;
  frames: number;
  /** Returns the seconds from the first sample to a time of the file; NaN for none. */
  secondsOf: (boundary: XmlElement, value: string, unit: string) => number;
}

interface Interval {
  from: number;
  to: number;
}

/** Returns the beats of a series in order of time, and says what of its annotations was not read. */
export function readBeats(
  series: XmlElement,
  { rate, frames, secondsOf }: SeriesTimes,
  { file, findings }: { file: string; findings: Finding[] },
): Annotation[] {
  const all = elementsAt(series, ["subjectOf", "annotationSet"]).flatMap((set) => annotationsIn(set, MAX_DEPTH));
  const beats: Annotation[] = [];
  let withoutTime = 0;
  for (const annotation of all.filter(isBeat)) {
    const peak = peakOf(annotation, secondsOf);
    const sample = peak === null ? -1 : Math.round(peak * rate);
    if (sample < 0 || sample >= frames) withoutTime++;
    else beats.push({ sample, symbol: symbolOf(annotation), subtype: 0, channel: 0, num: 0, aux: "" });
  }
  if (withoutTime > 0) {
    findings.push(
      note(
        `${file}: ${withoutTime} of ${beats.length + withoutTime} beats were left out: none of their intervals inside ` +
          `the recording is at most ${1000 * MAX_INTERVAL_SECONDS} ms long, so that their R-peaks are unknown.`,
        "unsupported",
      ),
    );
  }
  if (all.some((annotation) => !isBeat(annotation))) {
    findings.push(note(`${file} has annotations of waves and intervals, of which only beats are read.`, "unsupported"));
  }
  return beats.sort((a, b) => a.sample - b.sample);
}

/** Returns the annotations of an element; those inside a beat belong to it. */
function annotationsIn(element: XmlElement, depth: number): XmlElement[] {
  if (depth === 0) return [];
  return elementsAt(element, ["component", "annotation"]).flatMap((annotation) =>
    isBeat(annotation) ? [annotation] : [annotation, ...annotationsIn(annotation, depth - 1)],
  );
}

/** Returns whether an annotation is one of a beat: by its code, or by its value. */
function isBeat(annotation: XmlElement): boolean {
  return codesOf(annotation).some((code) => code === BEAT || code.startsWith(`${BEAT}_`));
}

function codesOf(annotation: XmlElement): string[] {
  return [attributeAt(annotation, ["code"], "code"), attributeAt(annotation, ["value"], "code")];
}

function symbolOf(annotation: XmlElement): string {
  const kind = codesOf(annotation).find((code) => code.startsWith(`${BEAT}_`)) ?? "";
  return symbols[kind.slice(BEAT.length + 1)] ?? UNCLASSIFIED;
}

/** Returns the time of a beat's R-peak in seconds: the middle of its narrowest interval; null: unknown. */
function peakOf(beat: XmlElement, secondsOf: SeriesTimes["secondsOf"]): number | null {
  const parts = annotationsIn(beat, MAX_DEPTH);
  const waves = PEAK_WAVES.flatMap((code) => parts.filter((part) => codesOf(part).includes(code)));
  for (const annotation of [...waves, beat]) {
    const interval = intervalOf(annotation, secondsOf);
    if (interval === null || interval.to - interval.from > MAX_INTERVAL_SECONDS) continue;
    return (interval.from + interval.to) / 2;
  }
  return null;
}

/** Returns an annotation's interval in time; a moment has the same start and end. */
function intervalOf(annotation: XmlElement, secondsOf: SeriesTimes["secondsOf"]): Interval | null {
  for (const boundary of elementsAt(annotation, ["support", "supportingROI", "component", "boundary"])) {
    if (!attributeAt(boundary, ["code"], "code").startsWith("TIME_")) continue;
    const at = (...path: string[]): number =>
      secondsOf(boundary, attributeAt(boundary, path, "value"), attributeAt(boundary, path, "unit"));
    const moment = at("value");
    const [from, to] = Number.isNaN(moment) ? [at("value", "low"), at("value", "high")] : [moment, moment];
    if (to >= from) return { from, to };
  }
  return null;
}
