/** Reads the numbers of a MAT array in ranges. */
import { bytesPer, type MatArray, type NumberKind } from "./mat-arrays.ts";

const readers: Readonly<Record<NumberKind, (view: DataView, at: number, isLittleEndian: boolean) => number>> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
};

/** Calls back with each of `count` numbers from number `from` on, in the order of the file. */
export function readNumbers(
  { kind, bytes, offset, isLittleEndian }: MatArray,
  from: number,
  count: number,
  onNumber: (value: number, index: number) => void,
): void {
  const size = bytesPer[kind];
  const read = readers[kind];
  const block = bytes.subarray(offset + from * size, offset + (from + count) * size);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const there = Math.min(count, Math.floor(block.byteLength / size));
  for (let i = 0; i < there; i++) onNumber(read(view, i * size, isLittleEndian), i);
}
