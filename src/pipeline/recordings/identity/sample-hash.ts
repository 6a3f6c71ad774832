/**
 * Hash of the samples of a lead: equal for the same samples in every file format, under every name.
 *
 * Differences of consecutive digital values are hashed, so that an offset of all values (a baseline that a converter
 * removed) changes nothing. Missing samples count as such. The hash has 64 bits, two lanes of MurmurHash3's mixing
 * (Appleby, public domain): it finds equal recordings, and is no protection against forgery.
 */
const SEEDS = [0x9747b28c, 0x3c6ef372] as const;
/** Stands for a missing sample; no difference of two 24-bit samples is as large. */
const GAP = 0x7fffffff;

export class SampleHash {
  readonly #missing: number;
  #one: number = SEEDS[0];
  #other: number = SEEDS[1];
  #count = 0;
  #previous: number | null = null;
  /** Whether two samples differ. */
  #varies = false;

  /** @param missing value of a missing sample */
  constructor(missing: number) {
    this.#missing = missing;
  }

  /** Adds the next samples. */
  add(samples: ArrayLike<number>): void {
    const missing = this.#missing;
    this.#previous ??= firstPresent(samples, missing);
    let [one, other, previous, varied] = [this.#one, this.#other, this.#previous ?? 0, 0];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i];
      let difference = GAP;
      if (sample !== missing) {
        difference = (sample - previous) | 0;
        varied |= difference;
        previous = sample;
      }
      const mixed = Math.imul(rotate(Math.imul(difference, 0xcc9e2d51), 15), 0x1b873593);
      one = (Math.imul(rotate(one ^ mixed, 13), 5) + 0xe6546b64) | 0;
      other = (Math.imul(rotate(other ^ mixed, 17), 9) + 0x38495ab5) | 0;
    }
    this.#count += samples.length;
    [this.#one, this.#other] = [one, other];
    if (this.#previous !== null) this.#previous = previous;
    if (varied !== 0) this.#varies = true;
  }

  /** Returns 16 hexadecimal digits; null for a lead without two different samples, which identifies nothing. */
  result(): string | null {
    if (!this.#varies) return null;
    return [this.#one, this.#other].map((lane) => hex(finish(lane ^ this.#count))).join("");
  }
}

/** Returns the first sample that is not missing: its difference is 0. */
function firstPresent(samples: ArrayLike<number>, missing: number): number | null {
  for (let i = 0; i < samples.length; i++) if (samples[i] !== missing) return samples[i];
  return null;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(lane: number): number {
  let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
