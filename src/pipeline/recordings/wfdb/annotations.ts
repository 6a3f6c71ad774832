/**
 * WFDB annotation files (`.atr` and others): bytes to {@link Annotation}s, and back.
 *
 * Source: WFDB Applications Guide, annot(5), MIT format. Little-endian 16-bit words, a code in the top 6 bits and a value
 * in the low 10. Codes 1 to 49 label an annotation, the value being the samples since the one before; others extend it.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { codeOfSymbol, commentCode, highestCode, symbolOfCode } from "./codes.ts";
import { damaged } from "./faults.ts";

/** Codes that extend an annotation (annot(5)). */
export const extension = {
  /** Four bytes follow: an interval, signed, high word first. */
  skip: 59,
  /** Annotator number, kept for those after it. */
  num: 60,
  /** Sub-type of this annotation alone. */
  sub: 61,
  /** Signal, kept for those after it. */
  channel: 62,
  /** So many bytes of text follow, padded to even length. */
  aux: 63,
} as const;

/** A mnemonic that a file defines for itself. */
export interface SymbolDefinition {
  code: number;
  symbol: string;
  description: string;
}

export interface AnnotationsRead {
  /** In the order of the file, in which times may go backwards. */
  annotations: Annotation[];
  /** Ticks a second of {@link Annotation.sample} where the file says so; null: the record's rate. */
  timeResolution: number | null;
  definitions: SymbolDefinition[];
  findings: Finding[];
}

/** The last sample that is believed: the longest record a header may announce. */
export const latestSample = 2 ** 31 - 1;
/** A fortnight's recording has some 1.5 million beats; more than this would cost gigabytes. */
const mostAnnotations = 5_000_000;

/** What the notes at sample 0 say (annot(5), "Annotation type definitions" and "time resolution"). */
export const note = {
  resolution: /^## time resolution: (\d{1,9}(?:\.\d{1,9})?)$/,
  begin: "## annotation type definitions",
  end: "## end of definitions",
  definition: /^(\d{1,2}) (\S{1,20})(?: (.*))?$/,
};

/**
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws EctopyError `damaged-file`, with the byte, where the bytes are no annotations, or end inside one
 */
export function parseAnnotations(bytes: Uint8Array, file: string): AnnotationsRead {
  const found: { annotation: Annotation; code: number }[] = [];
  const findings: Finding[] = [];
  const word = (at: number): number => bytes[at] | (bytes[at + 1] << 8);
  /** Makes sure that `count` bytes from `at` on are there. */
  const need = (at: number, count: number, what: string): void => {
    if (at + count > bytes.length) throw damaged(`${file} ends inside ${what} at byte ${at}.`);
  };
  let at = 0;
  let time = 0;
  let channel = 0;
  let num = 0;
  let current: Annotation | null = null;
  let ended = false;
  let begun = false;
  while (at < bytes.length) {
    need(at, 2, "an annotation");
    const start = at;
    const value = word(at);
    const code = value >> 10;
    at += 2;
    if (value === 0) {
      ended = true;
      break;
    }
    if (code === 0) {
      begun = true;
      time += value & 0x3ff;
      // NOTQRS: moves the time, and is no annotation. wfdb-python closes a file's notes with one.
      current = null;
    } else if (code <= highestCode) {
      time += value & 0x3ff;
      if (time < 0 || time > latestSample) {
        throw damaged(`${file}, byte ${start}: an annotation at sample ${time} can't be right.`);
      }
      if (found.length === mostAnnotations) {
        throw new EctopyError(
          "unsupported",
          `${file} holds more than ${mostAnnotations} annotations.`,
          "Import a shorter part of the recording.",
        );
      }
      current = { sample: time, symbol: symbolOfCode(code), subtype: 0, channel, num, aux: "" };
      begun = true;
      found.push({ annotation: current, code });
    } else if (code === extension.skip) {
      need(at, 4, "a long interval");
      time += (word(at) << 16) | word(at + 2);
      at += 4;
    } else if (code < extension.skip) {
      throw damaged(`${file}, byte ${start}: ${code} is no annotation code.`);
    } else if (!begun) {
      throw damaged(`${file}, byte ${start}: the file begins with a part of an annotation.`);
    } else if (code === extension.num) {
      num = (value << 24) >> 24;
      if (current) current.num = num;
    } else if (code === extension.channel) {
      channel = value & 0xff;
      if (current) current.channel = channel;
    } else if (code === extension.sub) {
      if (current) current.subtype = (value << 24) >> 24;
    } else {
      const length = value & 0xff;
      need(at, length, "a text");
      if (current) current.aux = latin1(bytes.subarray(at, at + length));
      at += length + (length & 1);
    }
  }
  if (!ended) {
    const last = found.at(-1)?.annotation.sample;
    findings.push({
      severity: "warning",
      message: `${file} has no end mark${last === undefined ? "" : ` after sample ${last}`}: it may have been cut short.`,
      fix: "Compare it with the file it was copied from.",
    });
  } else if (bytes.subarray(at).some((byte) => byte !== 0)) {
    findings.push({
      severity: "warning",
      message: `${file} goes on after its end mark at byte ${at - 2}; the ${bytes.length - at} bytes were left out.`,
      fix: "Compare it with the file it was copied from.",
    });
  }
  return { ...readNotes(found, file, findings), findings };
}

/** Takes the file's notes on itself out of its annotations, and names symbols as they say. */
function readNotes(
  found: { annotation: Annotation; code: number }[],
  file: string,
  findings: Finding[],
): Omit<AnnotationsRead, "findings"> {
  let timeResolution: number | null = null;
  let defining = false;
  const definitions: SymbolDefinition[] = [];
  const kept: typeof found = [];
  for (const entry of found) {
    const { sample, aux } = entry.annotation;
    const comment = sample === 0 && entry.code === commentCode;
    const definition = comment && defining ? note.definition.exec(aux) : null;
    if (definition) {
      const code = Number(definition[1]);
      if (code >= 1 && code <= highestCode) {
        definitions.push({ code, symbol: definition[2] ?? "", description: definition[3] ?? "" });
      }
    } else if (comment && aux.startsWith("## ")) {
      const resolution = Number(note.resolution.exec(aux)?.[1]);
      if (resolution > 0) timeResolution = resolution;
      if (aux === note.begin) defining = true;
      if (aux === note.end) defining = false;
    } else {
      kept.push(entry);
    }
  }
  if (definitions.length > 0) {
    const own = new Map(definitions.map(({ code, symbol }) => [code, symbol]));
    for (const { annotation, code } of kept) annotation.symbol = own.get(code) ?? annotation.symbol;
    findings.push({
      severity: "note",
      message: `${file} defines its own symbols: ${definitions
        .slice(0, 8)
        .map(({ symbol, description }) => (description === "" ? symbol : `${symbol} (${description})`))
        .join(", ")}${definitions.length > 8 ? "…" : ""}.`,
      fix: "",
    });
  }
  return { annotations: kept.map(({ annotation }) => annotation), timeResolution, definitions };
}

/**
 * The file that {@link parseAnnotations} reads back as the same annotations.
 *
 * @throws EctopyError `unsupported` where an annotation cannot be said in this format, naming it
 */
export function writeAnnotations(
  annotations: readonly Annotation[],
  {
    timeResolution = null,
    definitions = [],
  }: { timeResolution?: number | null; definitions?: readonly SymbolDefinition[] } = {},
): Uint8Array {
  const own = new Map(definitions.map(({ code, symbol }) => [symbol, code]));
  const taken = new Set(own.values());
  const out: number[] = [];
  const put = (code: number, value: number): void => {
    const word = (code << 10) | value;
    out.push(word & 0xff, word >> 8);
  };
  let time = 0;
  let channel = 0;
  let num = 0;
  const codeOf = (symbol: string): number | undefined => {
    const standard = codeOfSymbol(symbol);
    return own.get(symbol) ?? (standard !== undefined && taken.has(standard) ? undefined : standard);
  };
  const putAnnotation = (annotation: Annotation, index: number, code: number | undefined): void => {
    const refuse = (what: string): EctopyError =>
      new EctopyError(
        "unsupported",
        `Annotation ${index + 1} (${annotation.symbol} at sample ${annotation.sample}) can't be written: ${what}.`,
        "Change it and save again.",
      );
    const { sample, subtype, aux } = annotation;
    if (code === undefined) throw refuse("its symbol has no WFDB code");
    if (!whole(sample, 0, latestSample)) throw refuse("its time does not fit");
    if (!whole(subtype, -128, 127)) throw refuse("its sub-type does not fit into 8 bits");
    if (!whole(annotation.channel, 0, 255)) throw refuse("its signal does not fit into 8 bits");
    if (!whole(annotation.num, -128, 127)) throw refuse("its annotator number does not fit into 8 bits");

    // A NUL would end the text when it is read.
    if (!/^[\x01-\xff]{0,255}$/.test(aux)) throw refuse("its text is longer than 255 characters, or not in Latin-1");
    const interval = sample - time;
    if (interval >= 0 && interval < 1024) {
      put(code, interval);
    } else {
      put(extension.skip, 0);
      out.push((interval >> 16) & 0xff, (interval >> 24) & 0xff, interval & 0xff, (interval >> 8) & 0xff);
      put(code, 0);
    }
    time = sample;
    if (subtype !== 0) put(extension.sub, subtype & 0xff);
    if (annotation.channel !== channel) put(extension.channel, (channel = annotation.channel));
    if (annotation.num !== num) put(extension.num, (num = annotation.num) & 0xff);
    if (aux !== "") {
      put(extension.aux, aux.length);
      for (let i = 0; i < aux.length; i++) out.push(aux.charCodeAt(i));
      if (aux.length % 2 === 1) out.push(0);
    }
  };
  const notes = [
    ...(timeResolution === null ? [] : [`## time resolution: ${timeResolution}`]),
    ...(definitions.length === 0
      ? []
      : [
          note.begin,
          ...definitions.map(({ code, symbol, description }) => `${code} ${symbol} ${description}`.trimEnd()),
          note.end,
        ]),
  ];
  for (const aux of notes) {
    // By its code: the file may define the comment's symbol for another one, or another symbol for it.
    const symbol = symbolOfCode(commentCode);
    putAnnotation({ sample: 0, symbol, subtype: 0, channel: 0, num: 0, aux }, -1, commentCode);
  }
  annotations.forEach((annotation, i) => putAnnotation(annotation, i, codeOf(annotation.symbol)));
  out.push(0, 0);
  return Uint8Array.from(out);
}

function whole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Text up to the first NUL, a character a byte: MIT's own files end their texts with one. */
export function latin1(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}
