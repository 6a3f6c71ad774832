/**
 * Binary frames: a plain value with typed arrays as one message, for transports without structured cloning.
 *
 *   bytes 0–3   length of the header, little-endian
 *   header      JSON in UTF-8: the value with null instead of each array, and the path of each array
 *   padding     to a multiple of 8
 *   arrays      consecutive, each starting at a multiple of 8, little-endian like every machine that Ectopy supports
 *
 * JSON has no NaN and no infinities: the header lists them by their paths. Object keys with the value undefined are
 * left out.
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
  /** Path, type and number of elements of each array, in the order of their bytes. */
  arrays: [Path, ArrayType, number][];
  /** Path and name of each number that JSON does not support. */
  numbers: [Path, "NaN" | "Infinity" | "-Infinity"][];
}

/** UTF-8 coders of the platform, as arguments, because the contract depends on neither Node nor the browser. */
export interface TextCoders {
  encoder: { encode(text: string): Uint8Array };
  /** Throws for bytes that are not UTF-8. */
  decoder: { decode(bytes: Uint8Array): string };
}

const PREFIX_BYTES = 4;
const ALIGNMENT_BYTES = 8;
/** Nesting levels of a message, at most. */
const MAX_DEPTH = 32;

export function encodeFrame(value: unknown, { encoder }: Pick<TextCoders, "encoder">): Uint8Array<ArrayBuffer> {
  const arrays: AnyArray[] = [];
  const header: Header = { value: null, arrays: [], numbers: [] };
  header.value = plain(value, [], header, arrays);
  const text = encoder.encode(JSON.stringify(header));
  let size = aligned(PREFIX_BYTES + text.length);
  for (const array of arrays) size = aligned(size + array.byteLength);
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, PREFIX_BYTES);
  let offset = aligned(PREFIX_BYTES + text.length);
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset = aligned(offset + array.byteLength);
  }
  return frame;
}

/** Decodes a frame. @throws EctopyError `damaged-message` for bytes that {@link encodeFrame} can't return */
export function decodeFrame(frame: Uint8Array, { decoder }: Pick<TextCoders, "decoder">): unknown {
  if (frame.length < PREFIX_BYTES) throw damaged("it is too short");
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const headerEnd = PREFIX_BYTES + view.getUint32(0, true);
  if (headerEnd > frame.length) throw damaged("its header is cut off");
  const header = parseHeader(frame.subarray(PREFIX_BYTES, headerEnd), decoder);
  const root: { value: unknown } = { value: header.value };
  let offset = aligned(headerEnd);
  for (const [path, type, length] of header.arrays) {
    const make = arrayTypes[type];
    const end = offset + length * make.BYTES_PER_ELEMENT;
    if (end > frame.length) throw damaged("its arrays are cut off");
    // Copied: the frame's bytes may not be aligned, and the smallest array would keep the whole frame in memory.
    const bytes = new Uint8Array(frame.subarray(offset, end));
    put(root, path, new make(bytes.buffer, bytes.byteOffset, length));
    offset = aligned(end);
  }
  for (const [path, name] of header.numbers) put(root, path, Number(name));
  return root.value;
}

/**
 * Returns the value with null instead of arrays and numbers that JSON can't carry, and lists them in the header. A
 * value without them is returned itself, so that long lists of plain rows are not copied.
 * @param path path of the value, used as a stack
 */
function plain(value: unknown, path: Path, header: Header, arrays: AnyArray[]): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    header.numbers.push([[...path], String(value) as "NaN"]);
    return null;
  }
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const type = value.constructor.name;
    if (!isArrayType(type)) throw new TypeError(`encodeFrame: ${type} is not supported`);
    const array = value as AnyArray;
    header.arrays.push([[...path], type, array.length]);
    arrays.push(array);
    return null;
  }
  if (path.length >= MAX_DEPTH) throw new TypeError("encodeFrame: the value nests too deep");
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
  if (!isHeader(header)) throw damaged("its header is invalid");
  if (nestsDeeper(header.value, MAX_DEPTH)) throw damaged("it nests too deep");
  return header;
}

/** Returns whether a value nests deeper than a number of levels. The search itself goes no deeper. */
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
    path.length <= MAX_DEPTH &&
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

/** Replaces the null at a path by a value. */
function put(root: { value: unknown }, path: Path, value: unknown): void {
  let holder: object = root;
  let key: string | number = "value";
  for (const step of path) {
    const next: unknown = Object.hasOwn(holder, key) ? holder[key as never] : undefined;
    if (typeof next !== "object" || next === null) throw damaged("the path of an array does not exist");
    holder = next;
    key = step;
  }
  if (!Object.hasOwn(holder, key) || holder[key as never] !== null)
    throw damaged("the path of an array does not exist");
  holder[key as never] = value as never;
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function damaged(why: string): EctopyError {
  return new EctopyError("damaged-message", `A message can't be read: ${why}.`, "Reload the page.");
}
