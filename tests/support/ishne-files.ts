/** Makes ISHNE Holter files from their specification, with any fault. */
import { crc16 } from "../../src/pipeline/recordings/ishne/header.ts";

export interface IshneFields {
  /** Signature of the file: `ANN  1.0` for annotations. */
  signature?: string;
  /** Samples in the header; by default those of one lead. */
  samples?: number;
  /** Codes of the leads, and nanovolts of a digital unit. */
  leads?: readonly number[];
  resolutions?: readonly number[];
  rate?: number;
  text?: string;
  /** By default the right one. */
  checksum?: number;
  /** By default 522 and the text's length. */
  dataOffset?: number;
  sex?: number;
  born?: readonly [day: number, month: number, year: number];
  date?: readonly [day: number, month: number, year: number];
  time?: readonly [hour: number, minute: number, second: number];
  firstName?: string;
  data: Uint8Array;
}

export function makeIshne(fields: IshneFields): Uint8Array {
  const { leads = [6], text = "", rate = 200 } = fields;
  const note = new TextEncoder().encode(text);
  const bytes = new Uint8Array(522 + note.length + fields.data.length);
  const view = new DataView(bytes.buffer);
  const put = (at: number, value: string): void => void new TextEncoder().encodeInto(value, bytes.subarray(at));
  const shorts = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => void view.setInt16(at + 2 * i, value, true));
  put(0, fields.signature ?? "ISHNE1.0");
  view.setInt32(10, note.length, true);
  view.setInt32(14, fields.samples ?? fields.data.length / 2 / leads.length, true);
  view.setInt32(18, 522, true);
  view.setInt32(22, fields.dataOffset ?? 522 + note.length, true);
  put(28, fields.firstName ?? "");
  shorts(128, [fields.sex ?? 0, 0, ...(fields.born ?? [0, 0, 0]), ...(fields.date ?? [5, 4, 2011]), 0, 0, 0]);
  shorts(150, [...(fields.time ?? [6, 7, 8]), leads.length]);
  const absent = Array<number>(12).fill(-9);
  shorts(158, [...leads, ...absent].slice(0, 12));
  shorts(182, [...leads.map(() => 1), ...absent].slice(0, 12));
  shorts(206, [...(fields.resolutions ?? leads.map(() => 2500)), ...absent].slice(0, 12));
  put(232, "digital");
  shorts(272, [rate]);
  bytes.set(note, 522);
  bytes.set(fields.data, 522 + note.length);
  view.setUint16(8, fields.checksum ?? crc16(bytes.subarray(10, 522 + note.length)), true);
  return bytes;
}

/** Returns samples of 16 bits, in their order in the file. */
export function int16Bytes(samples: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}

/** Returns the data of an annotation file. */
export function ishneBeats(
  first: number,
  beats: readonly [label: string, interval: number, internal?: string][],
): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * beats.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, first, true);
  for (const [i, [label, interval, internal = "\0"]] of beats.entries()) {
    bytes[4 + 4 * i] = label.charCodeAt(0);
    bytes[5 + 4 * i] = internal.charCodeAt(0);
    view.setUint16(6 + 4 * i, interval, true);
  }
  return bytes;
}
