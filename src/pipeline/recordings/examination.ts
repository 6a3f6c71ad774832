/** Examines the samples of a lead in blocks: missing samples, flat intervals, extremes, mean and spread. */

/** Facts about the samples of a lead, in digital units and numbers of samples. */
export interface LeadFacts {
  samples: number;
  missing: number;
  /** Length of the longest interval of equal samples. */
  longestFlat: number;
  /** Lowest and highest sample; NaN without samples. */
  lowest: number;
  highest: number;
  /** Samples at the lowest and at the highest value. */
  atLowest: number;
  atHighest: number;
  /** Mean and standard deviation; NaN without samples. */
  mean: number;
  deviation: number;
}

const MAX_SAMPLE = 2 ** 31 - 1;

export class LeadExamination {
  #samples = 0;
  #missing = 0;
  #longestFlat = 0;
  #previous = 0;
  /** Number of equal samples up to the previous one. */
  #run = 0;
  // Integers, as the samples are: a comparison with infinity would make numbers of 64 bits of all of them.
  #lowest = MAX_SAMPLE;
  #highest = -MAX_SAMPLE;
  #atLowest = 0;
  #atHighest = 0;
  /** Sums of the differences from the first sample, and of their squares: exact for a signal far from 0. */
  #origin: number | null = null;
  #sum = 0;
  #squares = 0;

  /** Examines the next samples. @param missingValue value of a missing one */
  add(samples: Int16Array | Int32Array, missingValue: number): void {
    if (this.#samples === 0 && samples.length > 0) this.#previous = samples[0];
    this.#origin ??= samples.find((sample) => sample !== missingValue) ?? null;
    const origin = this.#origin ?? 0;
    let [missing, longestFlat, previous, run] = [this.#missing, this.#longestFlat, this.#previous, this.#run];
    let [lowest, highest, atLowest, atHighest] = [this.#lowest, this.#highest, this.#atLowest, this.#atHighest];
    let [sum, squares] = [this.#sum, this.#squares];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i];
      // Without a branch: whether neighbours are equal can't be predicted.
      const step = (sample - previous) | 0;
      run = Math.imul(run, 1 + ((step | -step) >> 31)) + 1;
      previous = sample;
      if (sample === missingValue) {
        missing++;
        continue;
      }
      if (run > longestFlat) longestFlat = run;
      if (sample <= lowest) {
        atLowest = sample === lowest ? atLowest + 1 : 1;
        lowest = sample;
      }
      if (sample >= highest) {
        atHighest = sample === highest ? atHighest + 1 : 1;
        highest = sample;
      }
      const difference = sample - origin;
      sum += difference;
      squares += difference * difference;
    }
    this.#samples += samples.length;
    [this.#missing, this.#longestFlat, this.#previous, this.#run] = [missing, longestFlat, previous, run];
    [this.#lowest, this.#highest, this.#atLowest, this.#atHighest] = [lowest, highest, atLowest, atHighest];
    [this.#sum, this.#squares] = [sum, squares];
  }

  result(): LeadFacts {
    const present = this.#samples - this.#missing;
    const mean = this.#sum / present;
    return {
      samples: this.#samples,
      missing: this.#missing,
      longestFlat: this.#longestFlat,
      lowest: present === 0 ? Number.NaN : this.#lowest,
      highest: present === 0 ? Number.NaN : this.#highest,
      atLowest: this.#atLowest,
      atHighest: this.#atHighest,
      mean: (this.#origin ?? 0) + mean,
      deviation: Math.sqrt(Math.max(0, this.#squares / present - mean * mean)),
    };
  }
}
