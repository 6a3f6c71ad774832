/**
 * Writes a recording as EDF+, or as BDF+ where its samples need more than 16 bits, with its annotations.
 *
 * Digital values stay as they are; the header's ranges give the same line between digital and physical values, as far as
 * eight characters can express it. The file names no patient. EDF has no missing samples: they get the digital value of
 * 0, and an annotation `Missing samples` marks each gap. Sources: see header.ts and timed-texts.ts.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { textsOfAnnotation } from "../annotation-texts.ts";
import { MISSING_VALUE, type RecordingSource } from "../source.ts";
import { durationOfText } from "./annotations.ts";
import { annotationLabels, HEADER_BLOCK_BYTES } from "./header.ts";
import { rangeOf, numberField, type Range } from "./ranges.ts";
import { months } from "./start.ts";
import { encodeTimedTexts } from "./timed-texts.ts";

/** Largest data record that the specification recommends, in bytes. */
const MAX_RECORD_BYTES = 61_440;
/** Longest data record, in seconds; the one nearest to 1 s is chosen. */
const MAX_RECORD_SECONDS = 10;

export interface WrittenEdf {
  extension: "edf" | "bdf";
  /** Number of data records. */
  records: number;
  /** Bytes of the file. */
  length: number;
  /** The file, in parts. Each call reads the recording again. */
  parts(): Iterable<Uint8Array>;
}

/**
 * Prepares a file; reads all samples once.
 * @throws EctopyError `unsupported` where samples need more than 24 bits, or the recording has no signals
 */
export function writeEdf(source: RecordingSource): WrittenEdf {
  if (source.signals.length === 0 || source.frames === 0) {
    throw new EctopyError("unsupported", `${source.name} has no samples to write.`, "Export its annotations as CSV.");
  }
  const examined = examine(source);
  const bytesPerSample = bytesFor(source, examined);
  const { frames: framesPerRecord, seconds } = recordSize(source, bytesPerSample);
  const records = Math.ceil(source.frames / framesPerRecord);
  const firstOnset = Number(/\.\d+$/.exec(source.startsAt ?? "")?.[0] ?? 0);
  const texts = timedTexts(source, examined, records * framesPerRecord > source.frames);
  const lists = distribute(texts, { records, seconds, firstOnset }, bytesPerSample);
  const ranges = source.signals.map(({ gain, baseline, units }, i) =>
    rangeOf({ gain, baseline, units: asciiUnits(units), ...examined[i] }, bytesPerSample),
  );
  const plan: Plan = { source, bytesPerSample, framesPerRecord, seconds, firstOnset, records, lists, ranges };
  return {
    extension: bytesPerSample === 2 ? "edf" : "bdf",
    records,
    length: HEADER_BLOCK_BYTES * (source.signals.length + 2) + records * recordBytes(plan),
    parts: () => writeParts(plan),
  };
}

interface Plan {
  source: RecordingSource;
  bytesPerSample: 2 | 3;
  framesPerRecord: number;
  /** Duration of a data record. */
  seconds: number;
  /** Start of the first data record in seconds, below 1: the header has no fractions. */
  firstOnset: number;
  records: number;
  lists: TextLists;
  ranges: Range[];
}

interface Examined {
  lowest: number;
  highest: number;
  /** First and last missing sample of each gap. */
  gaps: [from: number, to: number][];
}

function examine(source: RecordingSource): Examined[] {
  const examined = source.signals.map((): Examined => ({ lowest: Infinity, highest: -Infinity, gaps: [] }));
  for (const { from, samples } of source.blocks()) {
    for (const [index, each] of samples.entries()) {
      const into = examined[index];
      const first = from * source.signals[index].samplesPerFrame;
      for (let i = 0; i < each.length; i++) {
        const sample = each[i];
        if (sample !== MISSING_VALUE) {
          if (sample < into.lowest) into.lowest = sample;
          if (sample > into.highest) into.highest = sample;
        } else {
          const last = into.gaps.at(-1);
          if (last !== undefined && last[1] === first + i - 1) last[1]++;
          else into.gaps.push([first + i, first + i]);
        }
      }
    }
  }
  return examined;
}

function bytesFor(source: RecordingSource, examined: readonly Examined[]): 2 | 3 {
  const fit = (bits: number): boolean =>
    examined.every(({ lowest, highest }) => !(lowest < -(2 ** (bits - 1))) && !(highest > 2 ** (bits - 1) - 1));
  if (fit(16)) return 2;
  if (fit(24)) return 3;
  throw new EctopyError(
    "unsupported",
    `${source.name} has samples of more than 24 bits, which neither EDF+ nor BDF+ can store.`,
    "Export the recording as CSV.",
  );
}

/** Chooses frames whose duration eight characters express exactly, nearest to 1 s, and if possible without a rest. */
function recordSize(source: RecordingSource, bytesPerSample: number): { frames: number; seconds: number } {
  const { frameRate } = source;
  const frameBytes = source.signals.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0) * bytesPerSample;
  const most = Math.max(1, Math.min(MAX_RECORD_SECONDS * frameRate, MAX_RECORD_BYTES / frameBytes));
  let best = { frames: 1, seconds: Number(numberField(1 / frameRate)), cost: Infinity };
  for (let frames = 1; frames <= most; frames++) {
    const seconds = Number(numberField(frames / frameRate));
    const isExact = Math.abs(seconds * frameRate - frames) < 1e-9 * frames;
    const distance = Math.abs(Math.log(frames / frameRate));
    const cost = distance + (source.frames % frames === 0 ? 0 : 10) + (isExact ? 0 : 1000);
    if (cost < best.cost) best = { frames, seconds, cost };
  }
  return best;
}

interface Text {
  onset: number;
  duration: number;
  texts: string[];
}

function timedTexts(source: RecordingSource, examined: readonly Examined[], isPadded: boolean): Text[] {
  const texts: Text[] = [];
  for (const { annotations } of source.annotators) {
    for (const annotation of annotations) {
      const [first = "", ...others] = textsOfAnnotation(annotation);
      const { text, duration } = durationOfText(first);
      if (text !== "") texts.push({ onset: annotation.sample / source.rate, duration, texts: [text, ...others] });
    }
  }
  for (const [index, { gaps }] of examined.entries()) {
    const { lead, samplesPerFrame } = source.signals[index];
    const rate = source.frameRate * samplesPerFrame;
    for (const [from, to] of gaps) {
      const text = `Missing samples@@${labelOf(lead)}`;
      texts.push({ onset: from / rate, duration: (to - from + 1) / rate, texts: [text] });
    }
  }
  // The last data record is filled up with samples that the recording does not have.
  if (isPadded) texts.push({ onset: source.frames / source.frameRate, duration: 0, texts: ["Recording ends"] });
  return texts.sort((a, b) => a.onset - b.onset);
}

interface TextLists {
  /** Bytes of the annotation signal in each data record. */
  capacity: number;
  lists: Uint8Array[][];
}

/** Longest list of a data record's start: 2³¹ s to the microsecond. */
const KEEPING_BYTES = 21;

/** Distributes the texts: each in the data record of its time, or in a later one where that is full. */
function distribute(
  texts: readonly Text[],
  { records, seconds, firstOnset }: Pick<Plan, "records" | "seconds" | "firstOnset">,
  bytesPerSample: number,
): TextLists {
  const encoded = texts.map((text) => encodeTimedTexts(text.onset + firstOnset, text.duration, text.texts));
  const keeping = KEEPING_BYTES;
  const longest = encoded.reduce((most, { length }) => Math.max(most, length), 0);
  const total = encoded.reduce((sum, { length }) => sum + length, 0);
  for (let size = keeping + Math.max(longest, Math.ceil(total / records)); ; size *= 2) {
    const capacity = Math.ceil(size / bytesPerSample) * bytesPerSample;
    const lists = fill(texts, encoded, { records, seconds, room: capacity - keeping });
    if (lists !== null) return { capacity, lists };
  }
}

function fill(
  texts: readonly Text[],
  encoded: readonly Uint8Array[],
  { records, seconds, room }: { records: number; seconds: number; room: number },
): Uint8Array[][] | null {
  const lists = Array.from({ length: records }, (): Uint8Array[] => []);
  let record = 0;
  let used = 0;
  for (const [index, bytes] of encoded.entries()) {
    const ofItsTime = Math.min(records - 1, Math.floor(texts[index].onset / seconds));
    if (ofItsTime > record) [record, used] = [ofItsTime, 0];
    if (used + bytes.length > room) [record, used] = [record + 1, 0];
    if (record >= records) return null;
    lists[record].push(bytes);
    used += bytes.length;
  }
  return lists;
}

function recordBytes({ source, bytesPerSample, framesPerRecord, lists }: Plan): number {
  const samples = source.signals.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0) * framesPerRecord;
  return samples * bytesPerSample + lists.capacity;
}

function* writeParts(plan: Plan): Generator<Uint8Array> {
  yield writeHeader(plan);
  const { source, framesPerRecord, records } = plan;
  const zeros = source.signals.map(({ baseline }, i) => {
    const { digitalMin, digitalMax } = plan.ranges[i];
    return Math.max(digitalMin, Math.min(digitalMax, Math.round(baseline)));
  });
  const record = source.signals.map(({ samplesPerFrame }) => new Int32Array(framesPerRecord * samplesPerFrame));
  const clear = (): void => record.forEach((samples, i) => void samples.fill(zeros[i]));
  let number = 0;
  let filled = 0;
  clear();
  for (const block of source.blocks()) {
    const frames = block.samples[0].length / source.signals[0].samplesPerFrame;
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, framesPerRecord - filled);
      for (const [i, { samplesPerFrame }] of source.signals.entries()) {
        const piece = block.samples[i].subarray(done * samplesPerFrame, (done + count) * samplesPerFrame);
        const at = filled * samplesPerFrame;
        for (let k = 0; k < piece.length; k++) record[i][at + k] = piece[k] === MISSING_VALUE ? zeros[i] : piece[k];
      }
      filled += count;
      done += count;
      if (filled < framesPerRecord) continue;
      yield encodeRecord(plan, record, number++);
      filled = 0;
      clear();
    }
  }
  if (number < records) yield encodeRecord(plan, record, number);
}

function encodeRecord(plan: Plan, record: readonly Int32Array[], number: number): Uint8Array {
  const { bytesPerSample, lists, seconds, firstOnset } = plan;
  const bytes = new Uint8Array(recordBytes(plan));
  let at = 0;
  for (const samples of record) {
    for (const sample of samples) {
      for (let byte = 0; byte < bytesPerSample; byte++) bytes[at++] = sample >> (8 * byte);
    }
  }
  for (const list of [encodeTimedTexts(number * seconds + firstOnset, 0, []), ...lists.lists[number]]) {
    bytes.set(list, at);
    at += list.length;
  }
  return bytes;
}

function writeHeader(plan: Plan): Uint8Array {
  const { source, bytesPerSample, records, seconds, ranges, framesPerRecord, lists } = plan;
  const kind = bytesPerSample === 2 ? "EDF" : "BDF";
  const { date, time, stated } = startFields(source.startsAt);
  const full = bytesPerSample === 2 ? ["-32768", "32767"] : ["-8388608", "8388607"];
  const signals = [
    ...source.signals.map(({ lead, samplesPerFrame }, i) => {
      const range = ranges[i];
      const physical = [numberField(range.physicalMin), numberField(range.physicalMax)];
      const digital = [String(range.digitalMin), String(range.digitalMax)];
      return [
        labelOf(lead),
        "",
        range.units,
        ...physical,
        ...digital,
        "",
        String(framesPerRecord * samplesPerFrame),
        "",
      ];
    }),
    [annotationLabels[bytesPerSample], "", "", "-1", "1", ...full, "", String(lists.capacity / bytesPerSample), ""],
  ];
  const headerBytes = HEADER_BLOCK_BYTES * (signals.length + 1);
  const fields: [string, number][] = [
    [bytesPerSample === 2 ? "0" : "\u00ffBIOSEMI", 8],
    ["X X X X", 80],
    [`Startdate ${stated} X X X`, 80],
    [date, 8],
    [time, 8],
    [String(headerBytes), 8],
    [`${kind}+C`, 44],
    [String(records), 8],
    [numberField(seconds), 8],
    [String(signals.length), 4],
    ...[16, 80, 8, 8, 8, 8, 8, 80, 8, 32].flatMap((width, field) =>
      signals.map((signal): [string, number] => [signal[field], width]),
    ),
  ];
  const text = fields.map(([value, width]) => value.slice(0, width).padEnd(width)).join("");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function startFields(startsAt: string | null): { date: string; time: string; stated: string } {
  const parts = startsAt === null ? null : /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(startsAt);
  // EDF+, 2.1.3.3: the field of two digits is 01.01.85 where the date is unknown.
  if (parts === null) return { date: "01.01.85", time: "00.00.00", stated: "X" };
  const [, year, month, day, hour, minute, second] = parts;
  const isShort = Number(year) >= 1985 && Number(year) <= 2084;
  return {
    date: `${day}.${month}.${isShort ? year.slice(2) : "yy"}`,
    time: `${hour}.${minute}.${second}`,
    stated: `${day}-${months[Number(month) - 1]}-${year}`,
  };
}

/** Returns a lead's name in ASCII, with a length that a label can have. */
function labelOf(lead: string): string {
  return lead
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, 16)
    .trim();
}

function asciiUnits(units: string): string {
  return units
    .replace(/[µμ]/g, "u")
    .replace(/[^\x21-\x7e]/g, "?")
    .slice(0, 8);
}
