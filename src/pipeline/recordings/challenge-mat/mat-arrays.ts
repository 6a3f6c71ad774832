/**
 * Arrays in MAT files of level 4 and 5: names, dimensions, and where their numbers are.
 *
 * Source: The MathWorks, "MAT-File Format" (R2024b): level 5, chapter 1; level 4, chapter 2. Level 7 is level 5 with
 * zlib-compressed elements. Level 7.3 is HDF5, and is refused.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { copyOf } from "../files.ts";
import type { SourceBytes } from "../source.ts";
import { damaged } from "../wfdb/faults.ts";

export type NumberKind = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

export const bytesPer: Readonly<Record<NumberKind, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

/** A numeric matrix; its numbers are stored column by column. */
export interface MatArray {
  /** Name of the variable; `ECG.data` for a field of a struct. */
  name: string;
  rows: number;
  columns: number;
  kind: NumberKind;
  isLittleEndian: boolean;
  /** The file, or a decompressed element of it, and the byte of the first number. */
  bytes: SourceBytes;
  offset: number;
}

/** Decompresses a zlib element; see {@link OpenOptions.inflate}. */
export type Inflate = (bytes: Uint8Array, maxLength: number) => Uint8Array;

export const LEVEL_5_HEADER_BYTES = 128;
const LEVEL_4_HEADER_BYTES = 20;
/** Longest compressed element, in bytes after decompression: it is held in memory. */
const MAX_INFLATED_BYTES = 1 << 29;
/** Deflate makes no more of a byte (zlib, “Maximum Compression Factor”). */
const MAX_RATIO = 1032;
const MAX_ARRAYS = 10_000;
const MAX_NAME_BYTES = 4096;
const level4Kinds: readonly (NumberKind | undefined)[] = ["float64", "float32", "int32", "int16", "uint16", "uint8"];
/** `miINT8` (1) to `miDOUBLE` (9). */
const level5Kinds: readonly (NumberKind | undefined)[] = [
  ...([undefined, "int8", "uint8", "int16", "uint16", "int32", "uint32", "float32"] as const),
  ...([undefined, "float64"] as const),
];
const [MI_MATRIX, MI_COMPRESSED] = [14, 15];
const MX_STRUCT = 2;
/** Numeric classes, `mxDOUBLE` to `mxUINT32`. */
const [MX_FIRST_NUMERIC, MX_LAST_NUMERIC] = [6, 13];

export function isMat(firstBytes: Uint8Array): boolean {
  return isLevel5(firstBytes) || level4Header(firstBytes, 0) !== null;
}

/** Returns whether a file begins as one of level 5 to 7.3 does; level 4 has no signature. */
export function isLevel5(bytes: Uint8Array): boolean {
  if (bytes.length < LEVEL_5_HEADER_BYTES) return false;
  const endian = String.fromCharCode(bytes[126], bytes[127]);
  return String.fromCharCode(...bytes.subarray(0, 6)) === "MATLAB" && (endian === "IM" || endian === "MI");
}

/**
 * Lists the numeric matrices of a file.
 * @throws EctopyError `damaged-file`, with the byte; `unsupported` for HDF5 and for compressed data without `inflate`
 */
export function matArrays(bytes: SourceBytes, file: string, inflate?: Inflate): MatArray[] {
  const first = copyOf(bytes, 0, Math.min(LEVEL_5_HEADER_BYTES, bytes.length));
  if (!isLevel5(first)) return level4Arrays(bytes, file);
  const view = new DataView(first.buffer);
  const isLittleEndian = first[126] === 0x49;
  if (view.getUint16(124, isLittleEndian) === 0x0200) {
    throw new EctopyError(
      "unsupported",
      `${file} is a MAT file of version 7.3 (HDF5).`,
      "Save it in MATLAB with the option -v7, and import it again.",
    );
  }
  const arrays: MatArray[] = [];
  const element = new Level5Reader({ bytes, file, isLittleEndian, place: file, inflate: inflate ?? null }, arrays);
  element.read(LEVEL_5_HEADER_BYTES, bytes.length);
  return arrays;
}

interface Level4Header {
  kind: NumberKind;
  isLittleEndian: boolean;
  rows: number;
  columns: number;
  isComplex: boolean;
  isNumeric: boolean;
  nameBytes: number;
}

function level4Header(bytes: Uint8Array, at: number): Level4Header | null {
  if (at + LEVEL_4_HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, LEVEL_4_HEADER_BYTES);
  const isLittleEndian = view.getInt32(0, true) >= 0 && view.getInt32(0, true) < 10_000;
  const type = view.getInt32(0, isLittleEndian);
  const [machine, unused, number, kindOfMatrix] = [1000, 100, 10, 1].map((power) => Math.floor(type / power) % 10);
  const kind = level4Kinds[number];
  const [rows, columns, imaginary, nameBytes] = [4, 8, 12, 16].map((offset) => view.getInt32(offset, isLittleEndian));
  const isSound =
    type >= 0 &&
    type < 2000 &&
    machine === (isLittleEndian ? 0 : 1) &&
    unused === 0 &&
    kind !== undefined &&
    kindOfMatrix <= 2 &&
    rows >= 0 &&
    columns >= 0 &&
    (imaginary === 0 || imaginary === 1) &&
    nameBytes >= 1 &&
    nameBytes <= MAX_NAME_BYTES;
  if (!isSound) return null;
  return { kind, isLittleEndian, rows, columns, isComplex: imaginary === 1, isNumeric: kindOfMatrix === 0, nameBytes };
}

function level4Arrays(bytes: SourceBytes, file: string): MatArray[] {
  const arrays: MatArray[] = [];
  for (let at = 0; at < bytes.length && arrays.length < MAX_ARRAYS;) {
    const header = level4Header(copyOf(bytes, at, Math.min(at + LEVEL_4_HEADER_BYTES, bytes.length)), 0);
    if (header === null) {
      // What follows a sound array is ignored, as MATLAB does.
      if (arrays.length > 0) break;
      throw damaged(`${file}, byte ${at}: this is no MAT file of level 4 or 5.`);
    }
    const { kind, rows, columns, isComplex, isNumeric, nameBytes, isLittleEndian } = header;
    const offset = at + LEVEL_4_HEADER_BYTES + nameBytes;
    if (offset > bytes.length) throw damaged(`${file} ends inside the name of an array at byte ${at}.`);
    const name = asciiOf(bytes.subarray(at + LEVEL_4_HEADER_BYTES, offset));
    if (isNumeric) arrays.push({ name, rows, columns, kind, isLittleEndian, bytes, offset });
    at = offset + rows * columns * bytesPer[kind] * (isComplex ? 2 : 1);
  }
  return arrays;
}

interface Level5Source {
  bytes: SourceBytes;
  file: string;
  isLittleEndian: boolean;
  /** File, or decompressed element, for messages. */
  place: string;
  /** Null: inside of a decompressed element, or not available. */
  inflate: Inflate | null;
}

interface Tag {
  type: number;
  /** Byte of the data, its length, and the byte of the next element. */
  from: number;
  length: number;
  next: number;
}

class Level5Reader {
  readonly #source: Level5Source;
  readonly #arrays: MatArray[];

  constructor(source: Level5Source, arrays: MatArray[]) {
    this.#source = source;
    this.#arrays = arrays;
  }

  /** Reads elements one after the other. */
  read(from: number, to: number): void {
    for (let at = from; at + 8 <= to && this.#arrays.length < MAX_ARRAYS;) {
      const tag = this.#tag(at, to);
      if (tag.type === MI_COMPRESSED) this.#readCompressed(tag);
      else if (tag.type === MI_MATRIX) this.#readMatrix(tag, "");
      at = tag.next;
    }
  }

  #readCompressed({ from, length }: Tag): void {
    const { bytes, file, inflate, isLittleEndian } = this.#source;
    if (inflate === null) {
      throw new EctopyError(
        "unsupported",
        `${file}, byte ${from}: the data are compressed where they can't be decompressed.`,
        "Save it in MATLAB with the option -v6, and import it again.",
      );
    }
    const most = Math.min(MAX_INFLATED_BYTES, MAX_RATIO * length + 1024);
    let inflated: Uint8Array;
    try {
      inflated = inflate(copyOf(bytes, from, from + length), most);
    } catch (error) {
      throw new EctopyError(
        "damaged-file",
        `${file}, byte ${from}: the compressed data are damaged, or have more than ${most} bytes.`,
        "Copy the file again from its source.",
        { cause: error },
      );
    }
    const place = `${file}, compressed data at byte ${from}`;
    const inner = new Level5Reader({ bytes: inflated, file, isLittleEndian, place, inflate: null }, this.#arrays);
    inner.#readInflated(inflated.length);
  }

  #readInflated(length: number): void {
    if (length < 8) return;
    const tag = this.#tag(0, length);
    if (tag.type === MI_MATRIX) this.#readMatrix(tag, "");
  }

  /** @param prefix name of the struct that has the matrix as a field */
  #readMatrix({ from, length }: Tag, prefix: string, fieldName = ""): void {
    const to = from + length;
    const { bytes, isLittleEndian } = this.#source;
    if (length < 32) return;
    const flags = this.#tag(from, to);
    const dimensions = this.#tag(flags.next, to);
    const name = this.#tag(dimensions.next, to);
    const matrixClass = this.#view(flags.from, 4).getUint32(0, isLittleEndian) & 0xff;
    const isComplex = (this.#view(flags.from, 4).getUint32(0, isLittleEndian) & 0x800) !== 0;
    if (dimensions.length !== 8 || name.length > MAX_NAME_BYTES) return;
    const [rows, columns] = [0, 4].map((at) => this.#view(dimensions.from, 8).getInt32(at, isLittleEndian));
    const own = fieldName === "" ? asciiOf(bytes.subarray(name.from, name.from + name.length)) : fieldName;
    const full = prefix === "" ? own : `${prefix}.${own}`;
    if (matrixClass === MX_STRUCT && rows * columns === 1 && prefix === "") this.#readStruct(name.next, to, full);
    if (matrixClass < MX_FIRST_NUMERIC || matrixClass > MX_LAST_NUMERIC || isComplex || rows < 0 || columns < 0) return;
    const data = this.#tag(name.next, to);
    const kind = level5Kinds[data.type];
    if (kind === undefined || rows * columns * bytesPer[kind] > data.length) return;
    this.#arrays.push({ name: full, rows, columns, kind, isLittleEndian, bytes, offset: data.from });
  }

  /** The fields of a struct: their common length, their names, then a matrix for each. */
  #readStruct(from: number, to: number, struct: string): void {
    const { bytes, isLittleEndian } = this.#source;
    const lengthTag = this.#tag(from, to);
    const nameLength = this.#view(lengthTag.from, 4).getInt32(0, isLittleEndian);
    const names = this.#tag(lengthTag.next, to);
    if (nameLength < 1 || nameLength > 64 || names.length > MAX_NAME_BYTES) return;
    const count = Math.floor(names.length / nameLength);
    const texts = Array.from({ length: count }, (_, i) =>
      asciiOf(bytes.subarray(names.from + i * nameLength, names.from + (i + 1) * nameLength)),
    );
    let at = names.next;
    for (const text of texts) {
      if (at + 8 > to) return;
      const tag = this.#tag(at, to);
      if (tag.type === MI_MATRIX && text !== "") this.#readMatrix(tag, struct, text);
      at = tag.next;
    }
  }

  #tag(at: number, to: number): Tag {
    const { isLittleEndian, place } = this.#source;
    if (at + 8 > to) throw damaged(`${place} ends inside an element at byte ${at}.`);
    const view = this.#view(at, 8);
    const first = view.getUint32(0, isLittleEndian);
    const isSmall = first >>> 16 !== 0;
    const length = isSmall ? first >>> 16 : view.getUint32(4, isLittleEndian);
    const type = isSmall ? first & 0xffff : first;
    const from = isSmall ? at + 4 : at + 8;
    if (from + length > to || (isSmall && length > 4)) {
      throw damaged(`${place}, byte ${at}: an element has ${length} bytes, more than there are.`);
    }
    // Compressed elements are not padded to 8 bytes.
    const padded = isSmall ? at + 8 : from + (type === MI_COMPRESSED ? length : Math.ceil(length / 8) * 8);
    return { type, from, length, next: Math.min(padded, to) };
  }

  #view(at: number, length: number): DataView {
    const { bytes, place } = this.#source;
    if (at + length > bytes.length) throw damaged(`${place} ends inside an element at byte ${at}.`);
    return new DataView(copyOf(bytes, at, at + length).buffer);
  }
}

function asciiOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end))).replace(/[^\x20-\x7e]/g, "?");
}
