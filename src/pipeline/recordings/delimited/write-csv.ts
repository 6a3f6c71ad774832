/**
 * Writes signals, annotations and beats as CSV (RFC 4180), as {@link openDelimited}, {@link readAnnotationRows} and
 * {@link readBeatRows} read them. Numbers are the shortest that give the same value again.
 */
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { MISSING_VALUE, type RecordingSource } from "../source.ts";
import type { BeatRows } from "./beat-rows.ts";

/** Rows that are written at once. */
const ROWS_PER_PART = 4096;

/**
 * Writes a row for each sample at the recording's rate: time in seconds, then the physical values. A missing sample is
 * an empty cell, and so are the times between the samples of a signal with a lower rate.
 */
export function* writeSignalsCsv(source: RecordingSource): Generator<string> {
  const { signals, frameRate } = source;
  const most = Math.max(1, ...signals.map(({ samplesPerFrame }) => samplesPerFrame));
  const rate = frameRate * most;
  const names = signals.map(({ lead, units }) => cellOf(units === "" ? lead : `${lead} (${units})`));
  yield `${["time (s)", ...names].join(",")}\r\n`;
  for (const { from, samples } of source.blocks()) {
    const rows = (samples[0].length / signals[0].samplesPerFrame) * most;
    const times = timeColumn(from * most, rate);
    for (let done = 0; done < rows; done += ROWS_PER_PART) {
      const part: string[] = [];
      for (let row = done; row < Math.min(rows, done + ROWS_PER_PART); row++) {
        part.push(times(row));
        for (const [i, signal] of signals.entries()) part.push(",", valueOf(samples[i], row, most, signal));
        part.push("\r\n");
      }
      yield part.join("");
    }
  }
}

/** Microseconds: a rate up to 10 kHz can be read again from them. */
function timeColumn(first: number, rate: number): (row: number) => string {
  return (row) => String(Number(((first + row) / rate).toFixed(6)));
}

function valueOf(
  samples: Int32Array,
  row: number,
  most: number,
  { gain, baseline, samplesPerFrame }: RecordingSource["signals"][number],
): string {
  // A row of the highest rate has a sample of this signal where it is the first at or after the sample's time.
  const index = Math.floor((row * samplesPerFrame) / most);
  const isFirst = row === 0 || Math.floor(((row - 1) * samplesPerFrame) / most) !== index;
  const sample = samples[index];
  return !isFirst || sample === MISSING_VALUE ? "" : String((sample - baseline) / gain);
}

/** Writes a row for each annotation. @param rate rate of the samples, in Hz */
export function* writeAnnotationsCsv(annotations: readonly Annotation[], rate: number): Generator<string> {
  yield "time (s),sample,symbol,subtype,channel,num,aux\r\n";
  for (let from = 0; from < annotations.length; from += ROWS_PER_PART) {
    const rows = annotations.slice(from, from + ROWS_PER_PART).map(({ sample, symbol, subtype, channel, num, aux }) => {
      const time = Number((sample / rate).toFixed(6));
      return `${[time, sample, cellOf(symbol), subtype, channel, num, cellOf(aux)].join(",")}\r\n`;
    });
    yield rows.join("");
  }
}

/** Writes a row for each beat: its samples, then the name of its class; no line of names, as Kaggle's tables. */
export function* writeBeatsCsv({ beats, samples, values, classes, classNames }: BeatRows): Generator<string> {
  for (let from = 0; from < beats; from += ROWS_PER_PART) {
    const part: string[] = [];
    for (let beat = from; beat < Math.min(beats, from + ROWS_PER_PART); beat++) {
      for (let i = 0; i < samples; i++) part.push(floatText(values[beat * samples + i]), ",");
      part.push(cellOf(classNames[classes[beat]]), "\r\n");
    }
    yield part.join("");
  }
}

/** Returns the shortest decimal number that rounds to a float32. */
function floatText(value: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

/** Quotes a cell where it must be, and where a reader would take it for a comment, a quote or nothing. */
function cellOf(text: string): string {
  return /[",\r\n]|^[\s#%']|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
