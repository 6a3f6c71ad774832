/**
 * Reads the elements of DICOM files in little endian: with and without value representations (explicit and implicit VR).
 * Values are read when they are asked for; elements that nobody asks for are skipped.
 *
 * Source: DICOM PS3.5, sections 7.1 (data elements), 7.5 (nesting of data sets) and A.1 and A.2 (transfer syntaxes); PS3.10,
 * section 7.1 (file meta information).
 */
import { copyOf } from "../files.ts";
import type { SourceBytes } from "../source.ts";
import { decodeText } from "../text.ts";
import { damaged, quote } from "../wfdb/faults.ts";

export interface Element {
  /** Byte of the first byte of the value. */
  from: number;
  /** Bytes of the value, as far as the file has them. */
  length: number;
  /** Data sets of a sequence; empty for any other element. */
  items: Dataset[];
}

/** Elements of a data set by their tags, of which a group is the upper half. */
export type Dataset = ReadonlyMap<number, Element>;

const PREAMBLE_BYTES = 128;
const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 16;
const MAX_TEXT_BYTES = 1 << 16;
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const META_GROUP = 0x0002;
const TRANSFER_SYNTAX = 0x00020010;
const CLASS_UID = 0x00020002;

/** Value representations whose length has four bytes. */
const LONG_VALUES = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
/** Sequences of which a file in implicit VR does not say that they are some. */
const SEQUENCES = new Set([0x54000100, 0x003a0200, 0x003a0208, 0x003a0211, 0x0040b020, 0x0040a043]);

export function isDicom(firstBytes: Uint8Array): boolean {
  return textAt(firstBytes, PREAMBLE_BYTES, 4) === "DICM";
}

/** Returns the class of a DICOM file by its first bytes (Media Storage SOP Class UID); empty: it names none. */
export function classOf(firstBytes: Uint8Array): string {
  try {
    const reader = new ElementReader(firstBytes, "");
    const { elements } = reader.readMeta(PREAMBLE_BYTES + 4);
    return reader.text(elements, CLASS_UID);
  } catch {
    return "";
  }
}

/** Reads a file. @throws EctopyError `damaged-file`, with the byte; whatever `refuse` throws */
export function readDicom(
  bytes: SourceBytes,
  file: string,
  refuse: (transferSyntax: string) => { isExplicit: boolean },
): { dataset: Dataset; reader: ElementReader } {
  if (!isDicom(copyOf(bytes, 0, PREAMBLE_BYTES + 4))) throw damaged(`${file}, byte 128: “DICM” is missing.`);
  const reader = new ElementReader(bytes, file);
  const { elements, end } = reader.readMeta(PREAMBLE_BYTES + 4);
  const { isExplicit } = refuse(reader.text(elements, TRANSFER_SYNTAX));
  const { dataset } = reader.readDataset(end, bytes.length, { isExplicit, depth: 0 });
  return { dataset, reader };
}

interface Nesting {
  isExplicit: boolean;
  depth: number;
}

export class ElementReader {
  readonly #bytes: SourceBytes;
  readonly #file: string;
  #elements = 0;

  constructor(bytes: SourceBytes, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  /** Reads the elements of group 2, which are explicit in every file. */
  readMeta(from: number): { elements: Dataset; end: number } {
    const elements = new Map<number, Element>();
    let at = from;
    while (at + 8 <= this.#bytes.length) {
      // The next element may be implicit.
      if (this.#headAt(at, false).tag >>> 16 !== META_GROUP) break;
      const head = this.#headAt(at, true);
      const length = this.#within(head.tag, head.from, head.length, this.#bytes.length);
      elements.set(head.tag, { from: head.from, length, items: [] });
      at = head.from + length;
    }
    return { elements, end: at };
  }

  /** Reads a data set to its end: a length, or the end of its item. */
  readDataset(from: number, to: number, { isExplicit, depth }: Nesting): { dataset: Dataset; end: number } {
    if (depth > MAX_DEPTH) throw damaged(`${this.#file}, byte ${from}: sequences are nested deeper than ${MAX_DEPTH}.`);
    const dataset = new Map<number, Element>();
    let at = from;
    while (at + 8 <= to) {
      const head = this.#headAt(at, isExplicit);
      if (head.tag === ITEM_END || head.tag === SEQUENCE_END) return { dataset, end: at + 8 };
      const isSequence = head.vr === "SQ" || head.length === UNDEFINED_LENGTH || SEQUENCES.has(head.tag);
      if (isSequence) {
        // An unknown element with an undefined length is a sequence in implicit VR (PS3.5, section 6.2.2).
        const nested = { isExplicit: isExplicit && head.vr !== "UN", depth: depth + 1 };
        const { items, end } = this.#readItems(head, to, nested);
        dataset.set(head.tag, { from: head.from, length: end - head.from, items });
        at = end;
        continue;
      }
      const length = this.#within(head.tag, head.from, head.length, to);
      dataset.set(head.tag, { from: head.from, length, items: [] });
      at = head.from + length;
    }
    return { dataset, end: to };
  }

  #readItems(
    { tag, from, length }: { tag: number; from: number; length: number },
    to: number,
    nesting: Nesting,
  ): { items: Dataset[]; end: number } {
    const end = length === UNDEFINED_LENGTH ? to : from + this.#within(tag, from, length, to);
    const items: Dataset[] = [];
    let at = from;
    while (at + 8 <= end) {
      const item = this.#headAt(at, false);
      if (item.tag === SEQUENCE_END) return { items, end: at + 8 };
      if (item.tag !== ITEM) throw damaged(`${this.#file}, byte ${at}: an item of a sequence was expected.`);
      const isOpen = item.length === UNDEFINED_LENGTH;
      const itemEnd = isOpen ? end : item.from + this.#within(item.tag, item.from, item.length, end);
      const { dataset, end: after } = this.readDataset(item.from, itemEnd, nesting);
      items.push(dataset);
      at = isOpen ? after : itemEnd;
    }
    return { items, end };
  }

  #headAt(at: number, isExplicit: boolean): { tag: number; vr: string; from: number; length: number } {
    if (++this.#elements > MAX_ELEMENTS) throw damaged(`${this.#file} has more than ${MAX_ELEMENTS} elements.`);
    const bytes = this.#bytes.subarray(at, at + 12);
    const number = (from: number, count: number): number => {
      let value = 0;
      for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[from + i] ?? 0);
      return value;
    };
    const tag = number(0, 2) * 65536 + number(2, 2);
    if (!isExplicit || (tag >= ITEM && tag <= SEQUENCE_END)) return { tag, vr: "", from: at + 8, length: number(4, 4) };
    const vr = textAt(bytes, 4, 2);
    if (!/^[A-Z]{2}$/.test(vr)) {
      throw damaged(`${this.#file}, byte ${at + 4}: ${quote(vr)} is no value representation.`);
    }
    return LONG_VALUES.has(vr)
      ? { tag, vr, from: at + 12, length: number(8, 4) }
      : { tag, vr, from: at + 8, length: number(6, 2) };
  }

  /** Returns the length of a value; samples at the end of a file may be cut. */
  #within(tag: number, from: number, length: number, to: number): number {
    if (from + length <= to) return length;
    if (tag === 0x54001010 || tag === 0x54000100 || tag === ITEM) return Math.max(0, to - from);
    const name = tag.toString(16).padStart(8, "0");
    throw damaged(
      `${this.#file}, byte ${from}: element (${name.slice(0, 4)},${name.slice(4)}) has ${length} bytes, ` +
        `and ${Math.max(0, to - from)} are left.`,
    );
  }

  /** Returns the text of an element, without padding; empty where it is absent. */
  text(dataset: Dataset, tag: number): string {
    const element = dataset.get(tag);
    if (element === undefined) return "";
    const bytes = copyOf(this.#bytes, element.from, element.from + Math.min(element.length, MAX_TEXT_BYTES));
    // UIDs are padded with a zero.
    return decodeText(bytes)
      .replace(/[\s\0]+$/, "")
      .trim();
  }

  /** Returns an unsigned integer of two or four bytes; null where it is absent or has another length. */
  integer(dataset: Dataset, tag: number, bytes: 2 | 4): number | null {
    const element = dataset.get(tag);
    if (element === undefined || element.length < bytes) return null;
    const read = copyOf(this.#bytes, element.from, element.from + bytes);
    if (read.length < bytes) return null;
    const view = new DataView(read.buffer);
    return bytes === 2 ? view.getUint16(0, true) : view.getUint32(0, true);
  }

  /** Returns the first bytes of a value. */
  bytesOf({ from, length }: Element, count: number): Uint8Array<ArrayBuffer> {
    return copyOf(this.#bytes, from, from + Math.min(length, count));
  }
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
