/**
 * Generates the sample recordings: synthetic WFDB records of fictitious patients.
 *
 * They are realistic enough for trying every step of the app and for teaching, not for conclusions, as each header
 * states. The same seed gives the same bytes.
 */
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { randomStream } from "../../random.ts";
import { writeAnnotations } from "../wfdb/annotations.ts";
import { format212 } from "../wfdb/formats/212.ts";
import { writeHeader } from "../wfdb/header.ts";
import { checksum16 } from "../wfdb/sample-blocks.ts";
import { writeSignals } from "../wfdb/signals.ts";
import { addNoise } from "./noise.ts";
import type { PatientSpec } from "./patients.ts";
import { renderBeats } from "./render.ts";
import { planRhythm } from "./rhythm.ts";
import { drawMorphology } from "./shapes.ts";

export { samplePatients } from "./patients.ts";
export type { PatientSpec } from "./patients.ts";

/** Parameters of the MIT-BIH database: 360 Hz, 11 bits over 10 mV. */
const RATE_HZ = 360;
const GAIN_PER_MV = 200;
const BASELINE = 1024;
const RESOLUTION_BITS = 11;
const MAX_VALUE = 2 ** RESOLUTION_BITS - 1;
const DURATION_SECONDS = 300;
/** Time without beats before the end of the recording, so that the last complex is complete. */
const END_MARGIN_SECONDS = 0.1;
/** Time of a rhythm annotation before its first R-peak. */
const RHYTHM_LEAD_SECONDS = 0.2;

export interface SampleRecording {
  name: string;
  /** Text of the header file. */
  header: string;
  /** Bytes by file name: `.hea`, `.dat` and `.atr`. */
  files: Map<string, Uint8Array>;
}

/**
 * Generates one recording.
 * @param patient one of {@link samplePatients} with the same seed
 * @param seed an integer, 0 to 2³²−1
 */
export function generateSample(patient: PatientSpec, seed: number): SampleRecording {
  const stream = (part: string): ReturnType<typeof randomStream> => randomStream(seed, "sample", patient.name, part);
  const length = DURATION_SECONDS * RATE_HZ;
  const breathing = 0.2 + 0.1 * stream("breathing").uniform();
  const timeLine = planRhythm(patient, breathing, DURATION_SECONDS - END_MARGIN_SECONDS, stream("rhythm"));
  const morphology = drawMorphology(stream("morphology"));
  const timing = { rate: RATE_HZ, length, breathing };
  const { leads, peaks } = renderBeats(timeLine, { patient, morphology }, timing, stream("beats"));
  addNoise(leads, { breathing, muscle: patient.noise }, RATE_HZ, stream("noise"));
  const digital = leads.map(digitise);

  const annotations: Annotation[] = timeLine.beats.map(({ symbol }, index) => annotate(peaks[index], symbol));
  for (const { beat, aux } of timeLine.rhythms) {
    const peak = peaks[beat];
    // A rhythm after the end of the recording has no annotation.
    if (peak !== undefined)
      annotations.push(annotate(Math.max(0, peak - Math.round(RHYTHM_LEAD_SECONDS * RATE_HZ)), "+", aux));
  }
  annotations.sort((a, b) => a.sample - b.sample);

  const { name } = patient;
  const header = writeHeader({
    name,
    rate: RATE_HZ,
    counterRate: null,
    baseCounter: 0,
    length,
    startTime: "",
    startDate: "",
    signals: ["MLII", "V1"].map((description, index) => ({
      fileName: `${name}.dat`,
      format: format212.code,
      samplesPerFrame: 1,
      skew: 0,
      byteOffset: 0,
      gain: GAIN_PER_MV,
      calibrated: true,
      baseline: BASELINE,
      units: "mV",
      resolution: RESOLUTION_BITS,
      zero: BASELINE,
      initialValue: digital[index][0],
      checksum: checksum16(digital[index].reduce((sum, sample) => sum + sample, 0)),
      blockSize: 0,
      description,
    })),
    segments: null,
    comments: [
      `Age: ${patient.age}  Sex: ${patient.sex}`,
      `Findings: ${patient.findings}`,
      `Synthetic recording made by Ectopy (seed ${seed}): not a real patient.`,
      "Model: McSharry et al. 2003, IEEE Trans Biomed Eng 50:289-294.",
    ],
  });
  return {
    name,
    header,
    files: new Map([
      [`${name}.hea`, ascii(header)],
      [`${name}.dat`, writeSignals(format212, digital)],
      [`${name}.atr`, writeAnnotations(annotations)],
    ]),
  };
}

/** Returns the text of the folder's `RECORDS` file: one name per line. */
export function sampleIndex(patients: readonly PatientSpec[]): string {
  return patients.map(({ name }) => `${name}\n`).join("");
}

/** Converts mV to the converter's units, limited to its range. */
function digitise(lead: Float64Array): Int16Array {
  return Int16Array.from(lead, (value) => Math.min(MAX_VALUE, Math.max(0, Math.round(BASELINE + GAIN_PER_MV * value))));
}

function annotate(sample: number, symbol: string, aux = ""): Annotation {
  return { sample, symbol, subtype: 0, channel: 0, num: 0, aux };
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
