/** Examines the samples of a lead in blocks: missing samples and flat intervals. */
import { MISSING_SAMPLE } from "../../../contract/domain/recordings.ts";

export interface ExaminedLead {
  lead: string;
  /** Number of missing samples. */
  missing: number;
  /** Length of the longest interval of equal samples, in samples. */
  longestFlat: number;
}

export class SignalExamination {
  /** Samples that are skipped at the start and missing at the end: header(5), skew. */
  readonly #skew: number;
  #toSkip: number;
  #missing = 0;
  #longestFlat = 0;
  #previous = MISSING_SAMPLE;
  /** Number of equal samples up to the previous one. */
  #run = 0;

  constructor(skew = 0) {
    this.#skew = skew;
    this.#toSkip = skew;
  }

  /** Examines the next samples. @param samples missing ones are {@link MISSING_SAMPLE} */
  add(samples: Int16Array | Int32Array): void {
    const first = Math.min(this.#toSkip, samples.length);
    this.#toSkip -= first;
    let [missing, longestFlat, previous, run] = [this.#missing, this.#longestFlat, this.#previous, this.#run];
    for (let i = first; i < samples.length; i++) {
      const sample = samples[i];
      if (sample !== previous) {
        run = 0;
        previous = sample;
      }
      run++;
      if (sample === MISSING_SAMPLE) missing++;
      else if (run > longestFlat) longestFlat = run;
    }
    [this.#missing, this.#longestFlat, this.#previous, this.#run] = [missing, longestFlat, previous, run];
  }

  result(): Omit<ExaminedLead, "lead"> {
    return { missing: this.#missing + this.#skew, longestFlat: this.#longestFlat };
  }
}
