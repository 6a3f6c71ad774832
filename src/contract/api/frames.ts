/**
 * Binary frames: any plain value with typed arrays in it as one message, for carriers that know no structured cloning.
 *
 *   bytes 0–3   length of the header, little-endian
 *   header      JSON in UTF-8: the value with null in the place of each array, and where each array belongs
 *   padding     to a multiple of 8
 *   arrays      one after the other, each beginning at a multiple of 8, little-endian as every machine that Ectopy runs on
 *
 * NaN and the infinities, which JSON does not know, travel in the header by their place. Object keys with the value undefined
 * are left out.
 */
import { EctopyError } from "../domain/errors.ts";

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type ArrayType = keyof typeof arrayTypes;
type AnyArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

type Path = (string | number)[];

interface Header {
  value: unknown;
  /** Place, type and number of elements of each array, in the order of their bytes. */
  arrays: [Path, ArrayType, number][];
  /** Place and name of each number that JSON does not know. */
  numbers: [Path, "NaN" | "Infinity" | "-Infinity"][];
}

/** The system's UTF-8 coders; given in, since the contract knows neither Node nor the browser. */
export interface TextCoders {
  encoder: { encode(text: string): Uint8Array };
  /** Throws on bytes that are not UTF-8. */
  decoder: { decode(bytes: Uint8Array): string };
}

const PREFIX = 4;
const ALIGNMENT = 8;
/** No message of ours nests deeper. */
const DEEPEST = 32;

export function encodeFrame(value: unknown, { encoder }: Pick<TextCoders, "encoder">): Uint8Array<ArrayBuffer> {
  const arrays: AnyArray[] = [];
  const header: Header = { value: null, arrays: [], numbers: [] };
  header.value = plain(value, [], header, arrays);
  const text = encoder.encode(JSON.stringify(header));
  let size = aligned(PREFIX + text.length);
  for (const array of arrays) size = aligned(size + array.byteLength);
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, PREFIX);
  let offset = aligned(PREFIX + text.length);
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset = aligned(offset + array.byteLength);
  }
  return frame;
}

/** @throws EctopyError `damaged-message` for any bytes that {@link encodeFrame} does not give */
export function decodeFrame(frame: Uint8Array, { decoder }: Pick<TextCoders, "decoder">): unknown {
  if (frame.length < PREFIX) throw damaged("it is too short");
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const headerEnd = PREFIX + view.getUint32(0, true);
  if (headerEnd > frame.length) throw damaged("its header is cut off");
  const header = parseHeader(frame.subarray(PREFIX, headerEnd), decoder);
  const root: { value: unknown } = { value: header.value };
  let offset = aligned(headerEnd);
  for (const [path, type, length] of header.arrays) {
    const make = arrayTypes[type];
    const end = offset + length * make.BYTES_PER_ELEMENT;
    if (end > frame.length) throw damaged("its arrays are cut off");
    // A copy: the frame's own bytes may begin anywhere, and would be kept whole by the smallest array.
    const bytes = new Uint8Array(frame.subarray(offset, end));
    put(root, path, new make(bytes.buffer, bytes.byteOffset, length));
    offset = aligned(end);
  }
  for (const [path, name] of header.numbers) put(root, path, Number(name));
  return root.value;
}

/**
 * The value with null in the place of what JSON can't carry, which is noted in the header. What holds none of that is given back
 * itself, so that long lists of plain rows cost a look and no copy.
 * @param path where the value stands; used as a stack
 */
function plain(value: unknown, path: Path, header: Header, arrays: AnyArray[]): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    header.numbers.push([[...path], String(value) as "NaN"]);
    return null;
  }
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const type = value.constructor.name;
    if (!isArrayType(type)) throw new TypeError(`encodeFrame: a ${type}`);
    const array = value as AnyArray;
    header.arrays.push([[...path], type, array.length]);
    arrays.push(array);
    return null;
  }
  if (path.length >= DEEPEST) throw new TypeError("encodeFrame: a value that nests too deep");
  let copy: unknown[] | Record<string, unknown> | undefined;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const item: unknown = value[key as never];
    path.push(key);
    const changed = plain(item, path, header, arrays);
    path.pop();
    if (changed === item) continue;
    copy ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    copy[key as never] = changed as never;
  }
  return copy ?? value;
}

function parseHeader(bytes: Uint8Array, decoder: TextCoders["decoder"]): Header {
  let header: unknown;
  try {
    header = JSON.parse(decoder.decode(bytes));
  } catch {
    throw damaged("its header is not JSON");
  }
  if (!isHeader(header)) throw damaged("its header is not one");
  if (nestsDeeper(header.value, DEEPEST)) throw damaged("it nests too deep");
  return header;
}

/** Whether a value nests deeper than so many levels. No value makes the search itself go deeper. */
function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => nestsDeeper(item, levels - 1));
}

function isHeader(header: unknown): header is Header {
  if (typeof header !== "object" || header === null) return false;
  const { arrays, numbers } = header as Partial<Header>;
  return (
    Array.isArray(arrays) &&
    arrays.every(
      (entry) =>
        Array.isArray(entry) &&
        isPath(entry[0]) &&
        isArrayType(entry[1]) &&
        Number.isSafeInteger(entry[2]) &&
        entry[2] >= 0,
    ) &&
    Array.isArray(numbers) &&
    numbers.every((entry) => Array.isArray(entry) && isPath(entry[0]) && isNumberName(entry[1]))
  );
}

function isPath(path: unknown): path is Path {
  return (
    Array.isArray(path) &&
    path.length <= DEEPEST &&
    path.every(
      (step) => (typeof step === "string" && step !== "__proto__") || (Number.isSafeInteger(step) && step >= 0),
    )
  );
}

function isNumberName(name: unknown): boolean {
  return typeof name === "string" && /^(NaN|-?Infinity)$/.test(name);
}

function isArrayType(type: unknown): type is ArrayType {
  return typeof type === "string" && Object.hasOwn(arrayTypes, type);
}

/** Puts a value where a null holds its place. */
function put(root: { value: unknown }, path: Path, value: unknown): void {
  let holder: object = root;
  let key: string | number = "value";
  for (const step of path) {
    const next: unknown = Object.hasOwn(holder, key) ? holder[key as never] : undefined;
    if (typeof next !== "object" || next === null) throw damaged("an array's place is not there");
    holder = next;
    key = step;
  }
  if (!Object.hasOwn(holder, key) || holder[key as never] !== null) throw damaged("an array's place is not there");
  holder[key as never] = value as never;
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function damaged(why: string): EctopyError {
  return new EctopyError("damaged-message", `A message could not be read: ${why}.`, "Load the page again.");
}
