/** Mutations of a JSON document as a document, so that most results pass the parser and reach the checks behind it. */
import type { RandomStream } from "../../../src/pipeline/random.ts";
import { utf8, utf8Text } from "./target.ts";

/** Names that every object inherits, or that change its prototype. */
const inheritedNames = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "length"];

/** Placeholders for texts that `JSON.stringify` can't write, replaced in the written document. */
const BEYOND_FLOAT_MARK = "@beyond-float@";
const DEEP_ARRAY_MARK = "@deep-array@";
const DEEP_OBJECT_MARK = "@deep-object@";
/** One in this number of replaced values is nested deeply. */
const DEEP_ODDS = 400;
const DEEPEST = 50_000;
/** Larger documents are mutated as bytes: lists that are repeated again and again would fill the memory. */
const MAX_DOCUMENT_BYTES = 100_000;
const MAX_DOCUMENT_DEPTH = 200;

const extremeValues: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 0.5, 2, 255, 1e308, -1e308, 5e-324, 1e-40, 1e40, BEYOND_FLOAT_MARK],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 53, 2 ** 53 + 2, 1e21],
  ...["", " ", "NaN", "0", "\u0000", "\ud800", "é\u202e", "x".repeat(100), "x".repeat(5000), "../x", "%00", "\n"],
  ...[[], {}, [[]], [null], { toString: null }, { length: 3 }, { id: 1 }, [1e308, -1], "input", "output"],
];

interface Place {
  holder: unknown[] | Record<string, unknown>;
  key: string | number;
}

/** @returns null if the bytes are no JSON document, or one that is too large or nested too deeply */
export function mutateJson(
  bytes: Uint8Array,
  other: Uint8Array,
  tokens: readonly string[],
  random: RandomStream,
): Uint8Array | null {
  if (isTooLarge(bytes) || isTooLarge(other)) return null;
  const root = { value: parsed(bytes) };
  if (root.value === undefined) return null;
  const places = placesIn(root);
  const at = places[random.below(places.length)];
  const value = (at.holder as Record<string, unknown>)[at.key];
  let deep = 0;
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      if (random.below(DEEP_ODDS) === 0) {
        deep = 1 + random.below(DEEPEST);
        put(at, random.below(2) === 0 ? DEEP_ARRAY_MARK : DEEP_OBJECT_MARK);
      } else {
        put(at, extremeValues[random.below(extremeValues.length)]);
      }
      break;
    case 3:
      put(at, word(tokens, random));
      break;
    case 4:
      remove(at);
      break;
    case 5:
      // The same value under another name.
      put({ holder: at.holder, key: Array.isArray(at.holder) ? at.holder.length : word(tokens, random) }, value);
      if (random.below(2) === 0) remove(at);
      break;
    case 6:
      put(at, valueFrom(random.below(2) === 0 ? root : { value: parsed(other) }, random));
      break;
    case 7:
      if (Array.isArray(value)) put(at, repeated(value, 2 + random.below(70)));
      else put(at, random.below(2) === 0 ? [value] : { [word(tokens, random)]: value });
      break;
    case 8:
      if (typeof value === "number") put(at, nearby(value, random));
      else if (typeof value === "string") put(at, changedText(value, tokens, random));
      else if (Array.isArray(value)) put(at, value.toReversed());
      break;
  }
  return utf8(written(root.value, deep));
}

/** Deeper than any thread's stack can traverse. */
function isTooLarge(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_DOCUMENT_BYTES) return true;
  let depth = 0;
  for (const byte of bytes) {
    if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > MAX_DOCUMENT_DEPTH) return true;
  }
  return false;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes));
  } catch {
    return undefined;
  }
}

/** Returns the path of every value, the root first, down to a limited depth. */
function placesIn(root: { value: unknown }): Place[] {
  const places: Place[] = [];
  const look = (holder: Place["holder"], depth: number): void => {
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      places.push({ holder, key });
      const value = (holder as Record<string, unknown>)[key];
      if (typeof value === "object" && value !== null && depth < 40) look(value as Place["holder"], depth + 1);
    }
  };
  look(root, 0);
  return places;
}

/** Sets a property as JSON.parse does: `__proto__` is an ordinary name. */
function put({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(key as number, 1);
  else delete holder[key];
}

function valueFrom(root: { value: unknown }, random: RandomStream): unknown {
  const places = placesIn(root);
  const { holder, key } = places[random.below(places.length)];
  const value = (holder as Record<string, unknown>)[key];
  // A copy: the document must not contain itself.
  return structuredClone(value) ?? null;
}

function word(tokens: readonly string[], random: RandomStream): string {
  const words = tokens.length > 0 && random.below(3) > 0 ? tokens : inheritedNames;
  return words[random.below(words.length)];
}

function repeated(values: readonly unknown[], times: number): unknown[] {
  return Array.from({ length: times }, () => values).flat();
}

function nearby(value: number, random: RandomStream): number {
  const changes = [
    value + 1,
    value - 1,
    -value,
    value * 2,
    value / 3,
    value * 1e6,
    value * 1e-6,
    value ** 4,
    value + 0.5,
  ];
  const changed = changes[random.below(changes.length)];
  return Number.isFinite(changed) ? changed : 0;
}

function changedText(text: string, tokens: readonly string[], random: RandomStream): string {
  const at = random.below(text.length + 1);
  const inserted = random.below(2) === 0 ? word(tokens, random) : String.fromCharCode(random.below(0x250));
  return text.slice(0, at) + inserted + text.slice(at + random.below(3));
}

function written(value: unknown, deep: number): string {
  const text = (JSON.stringify(value) ?? "").replaceAll(`"${BEYOND_FLOAT_MARK}"`, "1e999");
  if (deep === 0) return text;
  return text
    .replaceAll(`"${DEEP_ARRAY_MARK}"`, () => "[".repeat(deep) + "]".repeat(deep))
    .replaceAll(`"${DEEP_OBJECT_MARK}"`, () => '{"a":'.repeat(deep) + "1" + "}".repeat(deep));
}
