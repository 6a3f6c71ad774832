/**
 * Writes protocol buffers: the subset of the encoding that TensorFlow's GraphDef and ONNX need.
 *
 * https://protobuf.dev/programming-guides/encoding: a field is its number and wire type, then its value; messages nest
 * by length. Default values are written like any other: readers accept both.
 */

/** An encoded message, or the encoded fields of one. */
export type Message = readonly Uint8Array[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Encodes an integer, bool or enum; negative values as 64 bits in two's complement. */
export function integer(field: number, value: number | bigint): Message {
  return [varint((field << 3) | VARINT), varint(value)];
}

export function bool(field: number, value: boolean): Message {
  return integer(field, value ? 1 : 0);
}

/** Encodes a float32. */
export function float(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((field << 3) | FIXED32), bytes];
}

export function bytes(field: number, value: Uint8Array): Message {
  return [varint((field << 3) | LENGTH_DELIMITED), varint(value.length), value];
}

export function string(field: number, value: string): Message {
  return bytes(field, Buffer.from(value, "utf8"));
}

/** Encodes the integers of a repeated field, packed. */
export function integers(field: number, values: readonly number[]): Message {
  return message(
    field,
    values.map((value) => varint(value)),
  );
}

/** Encodes a nested message. */
export function message(field: number, fields: Message): Message {
  let length = 0;
  for (const piece of fields) length += piece.length;
  return [varint((field << 3) | LENGTH_DELIMITED), varint(length), ...fields];
}

export function encode(fields: Message): Uint8Array {
  return Buffer.concat(fields);
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}
