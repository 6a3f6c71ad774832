/**
 * Sampling rate and gaps from a column of times, which a logger may round, repeat or interrupt.
 *
 * The rate is that of the usual steps: those up to 2.5 times the median of the first thousand. A longer step is a gap.
 * Where most steps are 0, the times are too coarse for gaps, and the rate is that of the whole table.
 */
import type { DecimalParser } from "./decimals.ts";
import type { TimeUnit } from "./layout.ts";
import { clockDate, clockSeconds, likelyRate, secondsPerUnit } from "./times.ts";

const FIRST_STEPS = 1000;
const LONGEST_STEP = 2.5;
const MAX_GAPS = 100_000;
/** Longest total of gaps that is filled with missing samples, in seconds. */
const MAX_GAPS_SECONDS = 31 * 86_400;

interface Gap {
  /** Row after the gap. */
  row: number;
  /** Step in seconds, or in samples where the column counts samples. */
  step: number;
}

export class TimeSurvey {
  readonly unit: TimeUnit;
  /** Time of the first row in seconds, or in samples; null: there is none. */
  first: number | null = null;
  /** Date and time of the first row; null: it has no date. */
  startsAt: string | null = null;
  /** Steps backwards. */
  backward = 0;
  /** Rows without a time. */
  missing = 0;
  #last = 0;
  #lastRow = 0;
  #early: Gap[] | null = [];
  #median = 0;
  #zeros = 0;
  #steps = 0;
  #usual = 0;
  #usualSum = 0;
  #resolution = Infinity;
  #gaps: Gap[] = [];

  constructor(unit: TimeUnit) {
    this.unit = unit;
  }

  /** Adds a cell that the parser may read. */
  add(
    row: number,
    cell: { bytes: Uint8Array; from: number; to: number; text: () => string },
    parser: DecimalParser,
  ): void {
    const time = this.#read(cell, parser);
    if (time === null) {
      this.missing++;
      return;
    }
    if (this.first === null) this.first = time;
    else {
      this.#steps++;
      // Rows without a time are between two with one.
      const step = (time - this.#last) / (row - this.#lastRow);
      if (step > 0) this.#addStep({ row, step });
      else if (step === 0) this.#zeros++;
      else this.backward++;
    }
    this.#last = time;
    this.#lastRow = row;
  }

  #read(
    { bytes, from, to, text }: { bytes: Uint8Array; from: number; to: number; text: () => string },
    parser: DecimalParser,
  ): number | null {
    if (this.unit !== "clock") {
      if (!parser.parse(bytes, from, to) || Math.abs(parser.value) > 1e18) return null;
      const scale = this.unit === "sample" ? 1 : secondsPerUnit[this.unit];
      this.#resolution = Math.min(this.#resolution, scale * 10 ** -parser.decimals);
      return parser.value * scale;
    }
    if (to - from > 60) return null;
    const cell = text();
    const seconds = clockSeconds(cell);
    if (seconds === null) return null;
    const decimals = /[.,](\d+)/.exec(cell)?.[1].length ?? 0;
    this.#resolution = Math.min(this.#resolution, 10 ** -decimals);
    if (this.first === null) this.startsAt = clockDate(cell);
    return seconds;
  }

  #addStep(step: Gap): void {
    if (this.#early === null) this.#sort(step);
    else if (this.#early.push(step) === FIRST_STEPS) this.finish();
  }

  /** Ends the first steps, whose median tells usual steps from gaps. */
  finish(): void {
    if (this.#early === null) return;
    const early = this.#early;
    this.#early = null;
    const steps = early.map(({ step }) => step).sort((a, b) => a - b);
    this.#median = steps[steps.length >> 1] ?? 0;
    for (const step of early) this.#sort(step);
  }

  #sort(gap: Gap): void {
    if (gap.step <= LONGEST_STEP * this.#median) {
      this.#usual++;
      this.#usualSum += gap.step;
    } else if (this.#gaps.length < MAX_GAPS) this.#gaps.push(gap);
  }

  get #isCoarse(): boolean {
    return this.#zeros > this.#steps / 2;
  }

  /** Returns the sampling rate in Hz; null: the times do not tell. */
  rate(): number | null {
    if (this.unit === "sample" || this.first === null || this.#usual === 0) return null;
    const span = this.#isCoarse ? this.#last - this.first : this.#usualSum;
    const steps = this.#isCoarse ? this.#lastRow : this.#usual;
    const rate = likelyRate(steps / span, Math.min(0.02, (2 * this.#resolution) / span));
    return rate > 0 && rate <= 1e6 ? rate : null;
  }

  /** Returns gaps as rows with the samples that are missing before them, and how many were too long. */
  gaps(rate: number): { gaps: { row: number; samples: number }[]; closed: number } {
    if (this.#isCoarse || this.#usual === 0) return { gaps: [], closed: 0 };
    const perUnit = this.unit === "sample" ? this.#usual / this.#usualSum : rate;
    const gaps: { row: number; samples: number }[] = [];
    let left = MAX_GAPS_SECONDS * rate;
    let closed = 0;
    for (const { row, step } of this.#gaps) {
      const samples = Math.round(step * perUnit) - 1;
      if (samples > left) closed++;
      else if (samples > 0) {
        gaps.push({ row, samples });
        left -= samples;
      }
    }
    return { gaps, closed };
  }
}
