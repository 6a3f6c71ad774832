/**
 * Reads a matrix of signals in a MAT file as a {@link RecordingSource}: `val` as in PhysioNet's Challenges and in exports
 * of PhysioBank ATM, or the largest matrix. A header beside it names leads, gains and rate.
 *
 * PhysioNet's headers name these files as WFDB format `16+24`, and the WFDB reader reads most of them. This one reads
 * those without a usable header, of other number types, compressed, or transposed.
 * Sources: PhysioNet/Computing in Cardiology Challenges 2017, 2020 and 2021, "Data"; see mat-arrays.ts.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { note, recordingName, warning } from "../messages.ts";
import {
  MISSING_VALUE,
  type RecordingSource,
  type SampleBlock,
  type SourceBytes,
  type SourceSignal,
} from "../source.ts";
import { decodeText } from "../text.ts";
import { parseHeader, startOf, type RecordHeader } from "../wfdb/header.ts";
import { bytesPer, isLevel5, LEVEL_5_HEADER_BYTES, matArrays, type Inflate, type MatArray } from "./mat-arrays.ts";
import { readNumbers } from "./numbers.ts";

const BLOCK_SAMPLES = 1 << 16;
const MAX_LEADS = 1000;
const MAX_DIGITAL = 2 ** 31 - 1;
const MAX_DECIMALS = 9;
const MAX_VALUE = 1e15;
const MAX_RATE = 1e6;
const RATE_NAMES = /(?:^|\.)(?:fs|freq|frequency|sampling_?(?:rate|frequency)|srate|samplerate)$/i;
/** WFDB's code of a missing 16-bit sample. */
const MISSING_CODE = -32768;
const MAX_HEADER_BYTES = 1 << 20;

export interface MatFiles {
  file: string;
  bytes: SourceBytes;
  /** Name and bytes of the header; null without one. */
  header: { file: string; bytes: SourceBytes } | null;
  inflate?: Inflate | undefined;
  /** Sampling rate in Hz, where the file has none. */
  rate?: number | undefined;
}

/**
 * @throws EctopyError `damaged-file`, with the byte; `unsupported`; `nothing-usable` without a matrix of signals;
 *   `invalid-settings` where the sampling rate is unknown
 */
export function openMat(files: MatFiles): RecordingSource {
  const { file, bytes, inflate } = files;
  const findings: Finding[] = [];
  const arrays = matArrays(bytes, file, inflate);
  const array = signalArray(arrays, file);
  const header = readHeader(files, findings);
  const described = header?.signals.find(({ fileName }) => fileName.toLowerCase() === file.toLowerCase());
  if (described !== undefined && isLevel5(bytes.subarray(0, LEVEL_5_HEADER_BYTES))) {
    findings.push(
      note(
        `${file} is a MAT file of level 5: it was read as one, and not as samples of format ` +
          `${described.format}, which its header names.`,
        "header",
      ),
    );
  }
  const shape = shapeOf(array, header?.signals.length ?? null);
  const rate = header?.rate ?? statedRate(arrays) ?? files.rate;
  if (rate === undefined || !(rate > 0 && rate <= MAX_RATE)) {
    throw new EctopyError(
      "invalid-settings",
      `The sampling rate of ${file} is not in the file.`,
      "Add its header (.hea), or enter the sampling rate.",
    );
  }
  if (header !== null && header.signals.length !== shape.leads) {
    findings.push(
      warning(`${file} has ${shape.leads} signals, and its header describes ${header.signals.length}.`, "", "header"),
    );
  }
  if (shape.announced > shape.frames) {
    findings.push(
      warning(
        `${file} has ${shape.frames} of ${shape.announced} samples of each signal.`,
        "Compare it with its source.",
        "truncated",
      ),
    );
  }
  const decimals = decimalsOf(array, shape);
  if (decimals.isRounded) findings.push(note(`${file}: values were rounded to ${decimals.count} decimals.`));
  return {
    name: recordingName(file),
    format: "MAT",
    frameRate: rate,
    frames: shape.frames,
    rate,
    startsAt: header === null ? null : startOf(header),
    signals: Array.from({ length: shape.leads }, (_, i) => signalOf(header, i, decimals.count)),
    annotators: [],
    comments: header?.comments ?? [],
    findings,
    blocks: () => readBlocks(array, shape, decimals.count),
  };
}

function signalArray(arrays: readonly MatArray[], file: string): MatArray {
  const size = ({ rows, columns }: MatArray): number => rows * columns;
  const matrices = arrays.filter((array) => size(array) >= 2 && Math.min(array.rows, array.columns) <= MAX_LEADS);
  const named = matrices.find(({ name }) => name === "val");
  const chosen = named ?? matrices.toSorted((a, b) => size(b) - size(a)).at(0);
  if (chosen !== undefined) return chosen;
  const names = arrays.slice(0, 8).map(({ name }) => name);
  throw new EctopyError(
    "nothing-usable",
    `${file} has no matrix of signals${names.length > 0 ? `, only ${names.join(", ").slice(0, 200)}` : ""}.`,
    "Save the signals as a matrix named val, with one row for each lead.",
  );
}

function statedRate(arrays: readonly MatArray[]): number | undefined {
  const found = arrays.find(({ name, rows, columns }) => RATE_NAMES.test(name) && rows * columns === 1);
  let rate: number | undefined;
  if (found !== undefined) readNumbers(found, 0, 1, (value) => (rate = value));
  return rate !== undefined && rate > 0 && rate <= MAX_RATE ? rate : undefined;
}

function readHeader({ header, file }: MatFiles, findings: Finding[]): RecordHeader | null {
  if (header === null || header.bytes.length > MAX_HEADER_BYTES) return null;
  try {
    return parseHeader(decodeText(header.bytes.subarray(0, header.bytes.length)), header.file, findings);
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    findings.push(warning(`${error.message} ${file} was read without its header.`, error.fix));
    return null;
  }
}

interface Shape {
  leads: number;
  frames: number;
  /** Samples of each signal by the matrix's dimensions. */
  announced: number;
  /** Whether the samples of one time are neighbours in the file: rows are leads. */
  isInterleaved: boolean;
}

function shapeOf({ rows, columns, kind, bytes, offset }: MatArray, leads: number | null): Shape {
  // Leads are rows; a matrix that is taller than wide is transposed, unless the header says otherwise.
  const isInterleaved =
    leads === null || rows === columns || (rows !== leads && columns !== leads) ? rows <= columns : rows === leads;
  const [width, announced] = isInterleaved ? [rows, columns] : [columns, rows];
  const there = Math.max(0, Math.floor((bytes.length - offset) / bytesPer[kind]));
  const frames = isInterleaved ? Math.min(announced, Math.floor(there / width)) : announced;
  return { leads: width, frames, announced, isInterleaved };
}

/** Returns the decimals that digital values keep: 0 for integers, else as many as fit into 32 bits. */
function decimalsOf(array: MatArray, { leads, frames }: Shape): { count: number; isRounded: boolean } {
  if (!array.kind.startsWith("float") && array.kind !== "uint32") return { count: 0, isRounded: false };
  let largest = 0;
  let isWhole = true;
  const count = leads * frames;
  for (let from = 0; from < count; from += BLOCK_SAMPLES) {
    readNumbers(array, from, Math.min(BLOCK_SAMPLES, count - from), (value) => {
      if (!(Math.abs(value) <= MAX_VALUE)) return;
      if (isWhole && !Number.isInteger(value)) isWhole = false;
      if (Math.abs(value) > largest) largest = Math.abs(value);
    });
  }
  let decimals = isWhole ? 0 : MAX_DECIMALS;
  while (Math.round(largest * 10 ** decimals) > MAX_DIGITAL) decimals--;
  return { count: decimals, isRounded: !isWhole };
}

function signalOf(header: RecordHeader | null, index: number, decimals: number): SourceSignal {
  const described = header?.signals[index];
  const lead = described?.description ?? "";
  const scale = 10 ** decimals;
  return {
    lead: lead === "" ? `signal ${index + 1}` : lead,
    // A header's gain is for integers; numbers with decimals are physical values.
    units: described === undefined ? "" : described.units,
    gain: described === undefined || decimals > 0 ? scale : described.gain * scale,
    baseline: described === undefined || decimals > 0 ? 0 : described.baseline * scale,
    samplesPerFrame: 1,
  };
}

function* readBlocks(array: MatArray, shape: Shape, decimals: number): Generator<SampleBlock> {
  const { leads, frames, isInterleaved } = shape;
  const scale = 10 ** decimals;
  const capacity = Math.max(1, Math.floor(BLOCK_SAMPLES / leads));
  const samples = Array.from({ length: leads }, () => new Int32Array(Math.min(capacity, frames)));
  const isNarrow = array.kind === "int16";
  const digital = (value: number): number => {
    if (!(Math.abs(value) <= MAX_VALUE) || (isNarrow && value === MISSING_CODE)) return MISSING_VALUE;
    return Math.round(value * scale);
  };
  for (let from = 0; from < frames; from += capacity) {
    const count = Math.min(capacity, frames - from);
    for (const each of samples) each.fill(MISSING_VALUE);
    if (isInterleaved) {
      readNumbers(array, from * leads, count * leads, (value, i) => {
        samples[i % leads][Math.floor(i / leads)] = digital(value);
      });
    } else {
      for (let lead = 0; lead < leads; lead++) {
        readNumbers(array, lead * shape.announced + from, count, (value, i) => {
          samples[lead][i] = digital(value);
        });
      }
    }
    yield { from, samples: samples.map((each) => each.subarray(0, count)) };
  }
}
