/**
 * WFDB annotation files (`.atr` and others): bytes to {@link Annotation}s, and back.
 *
 * Source: WFDB Applications Guide, annot(5), MIT format; files in AHA format are read, too. Little-endian 16-bit words, a code in the top 6 bits and a
 * value in the low 10. Codes 1 to 49 label an annotation, with the samples since the previous one as value; other codes
 * extend it.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { isAhaFile, parseAhaAnnotations, startsLikeAha } from "./aha-annotations.ts";
import { decodeText, encodeUtf8 } from "../text.ts";
import { codeOfSymbol, commentCode, highestCode, symbolOfCode } from "./codes.ts";
import { damaged } from "./faults.ts";

/** Codes that extend an annotation (annot(5)). */
export const extension = {
  /** Four bytes follow: an interval, signed, high word first. */
  skip: 59,
  /** Annotator number of this and the following annotations. */
  num: 60,
  /** Sub-type of this annotation only. */
  sub: 61,
  /** Signal of this and the following annotations. */
  channel: 62,
  /** Number of bytes of the following text, which is padded to even length. */
  aux: 63,
} as const;

/** A mnemonic defined in a file. */
export interface SymbolDefinition {
  code: number;
  symbol: string;
  description: string;
}

export interface AnnotationsRead {
  /** Annotations in the order of the file, whose times may decrease. */
  annotations: Annotation[];
  /** Rate of {@link Annotation.sample} in Hz, if the file defines it; null: the record's sampling rate. */
  timeResolution: number | null;
  definitions: SymbolDefinition[];
  findings: Finding[];
}

/** Largest accepted sample number: the maximum length in a header. */
export const latestSample = 2 ** 31 - 1;
/**
 * Upper bound of a file: a recording of two weeks has about 1.5 million beats, and more would need gigabytes of memory.
 */
const maxAnnotations = 5_000_000;

/** Formats of the notes at sample 0 (annot(5), "Annotation type definitions" and "time resolution"). */
export const note = {
  resolution: /^## time resolution: (\d{1,9}(?:\.\d{1,9})?)$/,
  begin: "## annotation type definitions",
  end: "## end of definitions",
  definition: /^(\d{1,2}) (\S{1,20})(?: (.*))?$/,
};

/**
 * Parses an annotation file.
 * @param bytes content of the file
 * @param file name of the file, for messages
 * @throws EctopyError `damaged-file`, with the byte, for an invalid or truncated first annotation; `unsupported`
 */
export function parseAnnotations(bytes: Uint8Array, file: string): AnnotationsRead {
  const found: { annotation: Annotation; code: number }[] = [];
  const findings: Finding[] = [];
  if (isAhaFile(bytes)) {
    return { annotations: parseAhaAnnotations(bytes, file, findings), timeResolution: null, definitions: [], findings };
  }
  const word = (at: number): number => bytes[at] | (bytes[at + 1] << 8);
  /** Throws unless the file has `count` bytes from `at` on. */
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
  let fault: EctopyError | null = null;
  try {
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
        // NOTQRS advances the time and is no annotation. wfdb-python ends a file's notes with it.
        current = null;
      } else if (code <= highestCode) {
        time += value & 0x3ff;
        if (time < 0 || time > latestSample) {
          throw damaged(`${file}, byte ${start}: an annotation has the impossible sample number ${time}.`);
        }
        if (found.length === maxAnnotations) {
          throw new EctopyError(
            "unsupported",
            `${file} has more than ${maxAnnotations} annotations.`,
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
        throw damaged(`${file}, byte ${start}: the file starts within an annotation.`);
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
        if (current) current.aux = auxText(bytes.subarray(at, at + length));
        at += length + (length & 1);
      }
    }
  } catch (error) {
    // What comes before the fault is read.
    if (!(error instanceof EctopyError) || error.code !== "damaged-file" || found.length === 0) throw error;
    fault = error;
  }
  if (fault) {
    findings.push({
      severity: "warning",
      message: `${fault.message} The ${found.length} annotations before it were read.`,
      fix: "Copy the file again from its source.",
    });
  } else if (!ended) {
    const last = found.at(-1)?.annotation.sample;
    findings.push({
      severity: "warning",
      message: `${file} has no end mark${last === undefined ? "" : ` after sample ${last}`}: it may be truncated.`,
      fix: "Compare it with the file it was copied from.",
    });
  } else if (bytes.subarray(at).some((byte) => byte !== 0)) {
    findings.push({
      severity: "warning",
      message: `${file} has ${bytes.length - at} bytes after its end mark at byte ${at - 2}; they were ignored.`,
      fix: "Compare it with the file it was copied from.",
    });
  }
  return { ...readNotes(found, file, findings), findings };
}

/** Separates the notes on the file's format from the annotations, and applies the defined symbols. */
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
    const { sample } = entry.annotation;
    // Some writers end these notes with a line feed.
    const aux = entry.annotation.aux.trimEnd();
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
    const defined = new Map(definitions.map(({ code, symbol }) => [code, symbol]));
    for (const { annotation, code } of kept) annotation.symbol = defined.get(code) ?? annotation.symbol;
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
 * Writes annotations in the format that {@link parseAnnotations} reads.
 *
 * @throws EctopyError `unsupported`, naming an annotation that the format can't express
 */
export function writeAnnotations(
  annotations: readonly Annotation[],
  {
    timeResolution = null,
    definitions = [],
  }: { timeResolution?: number | null; definitions?: readonly SymbolDefinition[] } = {},
): Uint8Array {
  const defined = new Map(definitions.map(({ code, symbol }) => [symbol, code]));
  const taken = new Set(defined.values());
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
    return defined.get(symbol) ?? (standard !== undefined && taken.has(standard) ? undefined : standard);
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
    if (!isIntegerIn(sample, 0, latestSample)) throw refuse("its time does not fit");
    if (!isIntegerIn(subtype, -128, 127)) throw refuse("its sub-type does not fit into 8 bits");
    if (!isIntegerIn(annotation.channel, 0, 255)) throw refuse("its signal does not fit into 8 bits");
    if (!isIntegerIn(annotation.num, -128, 127)) throw refuse("its annotator number does not fit into 8 bits");

    const text = encodeAux(aux);
    if (text === null) throw refuse(`its text is longer than ${MAX_AUX_BYTES} bytes, or has a NUL`);
    const interval = sample - time;
    // A file must not begin like one in AHA format.
    const isFirstLikeAha = out.length === 0 && startsLikeAha(interval & 0xff, ((code << 10) | interval) >> 8);
    if (interval >= 0 && interval < 1024 && !isFirstLikeAha) {
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
      put(extension.aux, text.length);
      out.push(...text);
      if (text.length % 2 === 1) out.push(0);
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
    // By code, because the file may redefine the symbol of comments.
    const symbol = symbolOfCode(commentCode);
    putAnnotation({ sample: 0, symbol, subtype: 0, channel: 0, num: 0, aux }, -1, commentCode);
  }
  annotations.forEach((annotation, i) => putAnnotation(annotation, i, codeOf(annotation.symbol)));
  out.push(0, 0);
  return Uint8Array.from(out);
}

function isIntegerIn(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Largest text of an annotation, in bytes. */
const MAX_AUX_BYTES = 255;
/** Codes without a symbol, which a file may define. */
const FREE_CODES = [42, 43, 44, 45, 46, 47, 48, 49];

/**
 * Returns annotations of any format as WFDB can store them. Symbols without a code are defined in the file. Those of
 * more than three characters, which wfdb-python refuses, and those after the eighth become comments with the symbol in
 * their text. Texts are shortened to 255 bytes; annotations before the
 * start of the recording are left out.
 */
export function storableAnnotations(annotations: readonly Annotation[]): {
  storable: Annotation[];
  definitions: SymbolDefinition[];
} {
  const definitions = new Map<string, SymbolDefinition>();
  const comment = symbolOfCode(commentCode);
  const storable = annotations
    .filter(({ sample }) => Number.isInteger(sample) && sample >= 0 && sample <= latestSample)
    .map((annotation): Annotation => {
      const { symbol, aux } = annotation;
      let [stored, text] = [symbol, aux];
      if (codeOfSymbol(symbol) === undefined && !definitions.has(symbol)) {
        const code = FREE_CODES[definitions.size];
        if (code === undefined || !/^\S{1,3}$/.test(symbol)) [stored, text] = [comment, `${symbol} ${aux}`];
        // wfdb-python needs a description.
        else definitions.set(symbol, { code, symbol, description: symbol });
      }
      return { ...annotation, symbol: stored, aux: shortened(text) };
    });
  return { storable, definitions: [...definitions.values()] };
}

/** Shortens a text to what an annotation can hold. */
function shortened(text: string): string {
  let kept = text.replaceAll("\0", " ");
  if (kept.length > MAX_AUX_BYTES) kept = kept.slice(0, MAX_AUX_BYTES);
  while (encodeAux(kept) === null) kept = [...kept].slice(0, -1).join("");
  return kept;
}

/** Returns the bytes of a text: Latin-1 where it is read back as the same text, else UTF-8; null: it does not fit. */
function encodeAux(aux: string): Uint8Array | null {
  // A NUL would end the text on reading.
  if (aux.includes("\0") || aux.length > MAX_AUX_BYTES) return null;
  const latin = /^[\x01-\xff]*$/.test(aux) ? Uint8Array.from(aux, (character) => character.charCodeAt(0)) : null;
  if (latin !== null && decodeText(latin) === aux) return latin;
  const bytes = encodeUtf8(aux);
  return bytes.length <= MAX_AUX_BYTES && decodeText(bytes) === aux ? bytes : null;
}

/** Decodes a text up to the first NUL: files of MIT end their texts with one. */
export function auxText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}
