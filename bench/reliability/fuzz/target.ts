/** A fuzz target: valid examples, how they are mutated, and the reader under test. */

/** The parts of one input (such as the files of a record), in the order of {@link Target.parts}. */
export type Input = readonly Uint8Array[];

/**
 * How a part is mutated: `json` as a document, `text` and `json` also by words and numbers, `bytes` by bits and machine
 * words.
 */
export type Form = "bytes" | "text" | "json";

export interface Reader {
  /**
   * Reads one input and checks the resulting value.
   * @returns normally if the input is accepted
   * @throws EctopyError if it is refused; any other error is a finding
   */
  read(input: Input): void | Promise<void>;
  /** Removes the files of {@link Target.open}. */
  close?(): void | Promise<void>;
}

export interface Target {
  name: string;
  /** Inputs of a full run. */
  inputs: number;
  /** Names of the parts, with the form of each. */
  parts: Readonly<Record<string, Form>>;
  /** Keywords of the format, inserted or replacing others. */
  tokens: readonly string[];
  /**
   * The app reads these in a worker thread that it can terminate (untrusted-files.ts), since the parser is a library's:
   * an input that hangs there counts as one that ends its thread, and is no finding.
   */
  endsThreads?: boolean;
  /** Valid inputs, each of which must be accepted. */
  examples(): readonly Input[] | Promise<readonly Input[]>;
  open(): Reader | Promise<Reader>;
}

/** A million, for parsers of bytes and text. */
export const MANY_INPUTS = 1_000_000;
/** For libraries that read a file by its path, and for what passes through streams and timers. */
export const FEW_INPUTS = 100_000;

/** An accepted value is wrong. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

/** @throws CheckError unless the condition holds */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new CheckError(what);
}

/** @throws CheckError unless each number is finite */
export function checkFinite(what: string, values: Iterable<number>): void {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new CheckError(`${what} holds ${value}`);
  }
}

/** @throws CheckError unless both serialise alike */
export function checkSame(what: string, one: unknown, other: unknown): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a !== b) throw new CheckError(`${what} reads back differently: ${firstDifference(a ?? "", b ?? "")}`);
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 20), at + 40);
  return `${around(a)} against ${around(b)}`;
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decodes bytes as a text file is read: invalid UTF-8 becomes U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
