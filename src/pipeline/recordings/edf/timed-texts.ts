/**
 * Time-stamped annotation lists (TALs) of EDF+: the bytes of an annotation signal to texts with times, and back.
 *
 * Source: EDF+, 2.2.2 to 2.2.4. `+onset 21 duration 20 text 20 text 20 0`, with 20, 21 and 0 as single bytes; onset and
 * duration in seconds. The first list of each data record has an empty text: its onset is the record's start.
 */
import { decodeText, encodeUtf8 } from "../text.ts";

const END_OF_TEXT = 20;
const DURATION_FOLLOWS = 21;

export interface TimedText {
  /** Seconds from the start of the file. */
  onset: number;
  /** In seconds; 0: none. */
  duration: number;
  /** Empty: time-keeping. */
  text: string;
}

export interface TimedTextsRead {
  texts: TimedText[];
  /** Lists that could not be read, and the byte of the first. */
  unreadable: number;
  firstUnreadable: number;
}

/** Parses the bytes of an annotation signal in one data record. */
export function parseTimedTexts(bytes: Uint8Array): TimedTextsRead {
  const read: TimedTextsRead = { texts: [], unreadable: 0, firstUnreadable: -1 };
  for (let from = 0; from < bytes.length;) {
    const zero = bytes.indexOf(0, from);
    const to = zero < 0 ? bytes.length : zero;
    if (to > from && !parseList(bytes.subarray(from, to), read.texts)) {
      if (read.unreadable++ === 0) read.firstUnreadable = from;
    }
    from = to + 1;
  }
  return read;
}

/** Adds the texts of a list. Returns whether the list could be read. */
function parseList(list: Uint8Array, texts: TimedText[]): boolean {
  const head = list.indexOf(END_OF_TEXT);
  if (head < 0 || head > 60) return false;
  const [onsetText, durationText, ...rest] = decodeText(list.subarray(0, head)).split(
    String.fromCharCode(DURATION_FOLLOWS),
  );
  const onset = secondsOf(onsetText, /^[+-]?\d+(?:[.,]\d*)?$/);
  const duration = durationText === undefined ? 0 : secondsOf(durationText, /^\d+(?:[.,]\d*)?$/);
  if (onset === null || duration === null || rest.length > 0) return false;
  for (let from = head + 1; from <= list.length;) {
    const end = list.indexOf(END_OF_TEXT, from);
    if (end < 0) {
      if (from === head + 1) texts.push({ onset, duration, text: decodeText(list.subarray(from)) });
      break;
    }
    texts.push({ onset, duration, text: decodeText(list.subarray(from, end)) });
    from = end + 1;
  }
  return true;
}

function secondsOf(text: string, form: RegExp): number | null {
  return form.test(text) ? Number(text.replace(",", ".")) + 0 : null;
}

/** Encodes a list with one onset, without an end mark inside of its texts. @param texts empty: time-keeping */
export function encodeTimedTexts(onset: number, duration: number, texts: readonly string[]): Uint8Array {
  const sign = onset < 0 ? "-" : "+";
  const length = duration > 0 ? `${String.fromCharCode(DURATION_FOLLOWS)}${decimal(duration)}` : "";
  const marked = (texts.length === 0 ? [""] : texts).map(
    (text) => `${text.replace(/[\0\x14\x15]/g, " ")}${String.fromCharCode(END_OF_TEXT)}`,
  );
  return encodeUtf8(
    `${sign}${decimal(Math.abs(onset))}${length}${String.fromCharCode(END_OF_TEXT)}${marked.join("")}\0`,
  );
}

/** Returns seconds to the microsecond, without an exponent. */
function decimal(seconds: number): string {
  return seconds.toFixed(6).replace(/\.?0+$/, "");
}
