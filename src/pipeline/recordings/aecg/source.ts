/**
 * Reads HL7 annotated ECG files (aECG) as a {@link RecordingSource}: the rhythm series, with its leads, beats and notes.
 *
 * Source: B. D. Brown and F. Badilini, "HL7 aECG Implementation Guide" (2005), sections 4 and 5: a series has sets of
 * sequences; one sequence gives the times (`GLIST_TS`: head and increment), each other a lead (`SLIST_PQ`: digits, with
 * origin and scale). Codes of leads: ISO/IEEE 11073-10102, `MDC_ECG_LEAD_II`.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { decimalOf } from "../decimal-text.ts";
import { note, recordingName, warning } from "../messages.ts";
import {
  MISSING_VALUE,
  type RecordingSource,
  type SampleBlock,
  type SourceBytes,
  type SourceSignal,
} from "../source.ts";
import { decodeText } from "../text.ts";
import { unitsPerMillivolt } from "../units.ts";
import { damaged, quote } from "../wfdb/faults.ts";
import { readBeats, type SeriesTimes } from "./beats.ts";
import { attributeAt, elementsAt, parseXml, type XmlElement } from "../xml/xml.ts";

/** Longest file: its samples are in memory, which takes at most twice its size. */
const MAX_FILE_BYTES = 1 << 28;
const BLOCK_FRAMES = 1 << 13;
const MAX_RATE = 1e5;
/** Longest total of pauses between the sets of a series, in seconds. */
const MAX_PAUSES_SECONDS = 3600;
const MAX_LEADS = 100;
/** Name of the annotations in the file. */
const ANNOTATOR = "aecg";
const secondsByUnit: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6 };

export function isAecg(firstBytes: Uint8Array): boolean {
  return /<(?:\w+:)?AnnotatedECG[\s>]/.test(decodeText(firstBytes));
}

interface Piece {
  /** First sample. */
  from: number;
  samples: Int32Array;
}

interface Lead extends SourceSignal {
  pieces: Piece[];
}

/** @throws EctopyError `damaged-file`, with the byte; `unsupported` above 256 MB; `nothing-usable` without a lead */
export function openAecg(bytes: SourceBytes, file: string): RecordingSource {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new EctopyError(
      "unsupported",
      `${file} has ${bytes.length} bytes; an aECG file is read up to ${MAX_FILE_BYTES}.`,
      "Export the recording as EDF or WFDB, and import that.",
    );
  }
  const root = parseXml(bytes, file, ["digits"]);
  if (root.name !== "AnnotatedECG") throw damaged(`${file}: the document is ${quote(root.name)}, not AnnotatedECG.`);
  const findings: Finding[] = [];
  const series = chooseSeries(root, file, findings);
  const { leads, rate, head } = readSets(series, file, findings);
  const frames = Math.max(0, ...leads.map(endOf));
  if (leads.length === 0 || frames === 0) {
    throw new EctopyError("nothing-usable", `${file} has no lead with samples.`, "Compare it with its source.");
  }
  const beats = readBeats(series, { rate, frames, secondsOf: timesFrom(head) }, { file, findings });
  return {
    name: recordingName(file),
    format: "HL7 aECG",
    frameRate: rate,
    frames,
    rate,
    startsAt: startOf(head) ?? startOf(attributeAt(series, ["effectiveTime", "low"], "value")),
    signals: leads.map(({ lead, units, gain, baseline, samplesPerFrame }) => {
      return { lead, units, gain, baseline, samplesPerFrame };
    }),
    annotators: beats.length === 0 ? [] : [{ annotator: ANNOTATOR, annotations: beats }],
    comments: commentsOf(root),
    findings,
    blocks: () => readBlocks(leads, frames),
  };
}

function chooseSeries(root: XmlElement, file: string, findings: Finding[]): XmlElement {
  const all = elementsAt(root, ["component", "series"]);
  const chosen = all.find((series) => attributeAt(series, ["code"], "code") === "RHYTHM") ?? all.at(0);
  if (chosen === undefined) {
    throw new EctopyError("nothing-usable", `${file} has no series.`, "Compare it with its source.");
  }
  if (all.length > 1) findings.push(note(`${file} has ${all.length} series; the first rhythm was read.`));
  return chosen;
}

interface SetsRead {
  leads: Lead[];
  rate: number;
  /** Time of the first sample, as in the file. */
  head: string;
}

function readSets(series: XmlElement, file: string, findings: Finding[]): SetsRead {
  const sets = elementsAt(series, ["component", "sequenceSet"]);
  const leads: Lead[] = [];
  let first: { rate: number; head: string; seconds: number } | null = null;
  let end = 0;
  let pauses = MAX_PAUSES_SECONDS;
  const excluded: string[] = [];
  for (const set of sets) {
    const sequences = elementsAt(set, ["component", "sequence"]);
    const time = timesOf(sequences, file);
    first ??= time;
    if (Math.abs(time.rate - first.rate) > 1e-6 * first.rate) {
      excluded.push(`a set at ${time.rate} Hz`);
      continue;
    }
    const offset = Math.round((time.seconds - first.seconds) * first.rate);
    // Sets without a time follow each other.
    const pause = Math.max(0, offset - end) / first.rate;
    const from = offset >= 0 && pause <= pauses && time.head !== "" ? offset : end;
    if (from === offset) pauses -= pause;
    for (const sequence of sequences) {
      const lead = readLead(sequence, from);
      if (lead === null) continue;
      const known = leads.find((each) => each.lead === lead.lead);
      if (known === undefined) leads.push(lead);
      else if (known.gain === lead.gain && known.baseline === lead.baseline) known.pieces.push(...lead.pieces);
      else excluded.push(`${lead.lead} with another scale`);
      end = Math.max(end, endOf(lead));
      if (leads.length > MAX_LEADS) throw damaged(`${file} has more than ${MAX_LEADS} leads.`);
    }
  }
  if (first === null) throw damaged(`${file} has no set of sequences.`);
  for (const { pieces } of leads) pieces.sort((a, b) => a.from - b.from);
  if (excluded.length > 0) {
    findings.push(warning(`${file}: excluded were ${excluded.slice(0, 8).join(", ")} (${excluded.length} in all).`));
  }
  return { leads, rate: first.rate, head: first.head };
}

/** Returns the end of a lead's pieces, in samples. */
function endOf({ pieces }: Lead): number {
  return pieces.reduce((end, { from, samples }) => Math.max(end, from + samples.length), 0);
}

function timesOf(sequences: readonly XmlElement[], file: string): { rate: number; head: string; seconds: number } {
  const time = sequences.find((sequence) => attributeAt(sequence, ["code"], "code").startsWith("TIME_"));
  const increment = time === undefined ? Number.NaN : numberOf(attributeAt(time, ["value", "increment"], "value"));
  const unit = time === undefined ? "" : attributeAt(time, ["value", "increment"], "unit");
  const seconds = increment * (secondsByUnit[unit] ?? 1);
  const rate = 1 / seconds;
  if (time === undefined || !(rate > 0 && rate <= MAX_RATE)) {
    throw damaged(`${file}: the time between samples is ${quote(String(increment))} ${quote(unit)}.`);
  }
  const head = attributeAt(time, ["value", "head"], "value");
  const rounded = Math.round(rate);
  const isWhole = rounded > 0 && Math.abs(rate - rounded) < 1e-6 * rounded;
  return { rate: isWhole ? rounded : rate, head, seconds: headSeconds(head) };
}

/** HL7's time stamp, `YYYYMMDDHHMMSS.SSS`, in seconds of its day; a relative time is a number. */
function headSeconds(head: string): number {
  const stamp = /^\d{8}(\d{2})(\d{2})(\d{2}(?:\.\d{1,9})?)/.exec(head);
  if (stamp !== null) return Number(stamp[1]) * 3600 + Number(stamp[2]) * 60 + Number(stamp[3]);
  const value = numberOf(head);
  return Number.isNaN(value) ? 0 : value;
}

/** Returns what reads the times of annotations, in seconds from the first sample. */
function timesFrom(head: string): SeriesTimes["secondsOf"] {
  const start = stampSeconds(head);
  return (boundary, value, unit) =>
    attributeAt(boundary, ["code"], "code") === "TIME_ABSOLUTE"
      ? stampSeconds(value) - start
      : numberOf(value) * (secondsByUnit[unit] ?? 1) - (Number.isNaN(start) ? headSeconds(head) : 0);
}

/** HL7's time stamp in seconds; NaN for another text. */
function stampSeconds(text: string): number {
  const stamp = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}(?:\.\d{1,9})?)/.exec(text);
  if (stamp === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = stamp.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) / 1000 + second;
}

function startOf(head: string): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{1,9})?/.exec(head);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction = ""] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${/^\.0*$/.test(fraction) ? "" : fraction}`;
}

function readLead(sequence: XmlElement, from: number): Lead | null {
  const code = attributeAt(sequence, ["code"], "code");
  const [digits] = elementsAt(sequence, ["value", "digits"]);
  if (code.startsWith("TIME_") || digits === undefined) return null;
  if (digits.numbers.length === 0) return null;
  const units = attributeAt(sequence, ["value", "scale"], "unit");
  const scale = numberOf(attributeAt(sequence, ["value", "scale"], "value"));
  const origin = numberOf(attributeAt(sequence, ["value", "origin"], "value")) || 0;
  const isScaled = Math.abs(scale) >= 1e-12 && Math.abs(scale) <= 1e12;
  const ratio = sameUnits(attributeAt(sequence, ["value", "origin"], "unit"), units);
  const baseline = isScaled ? -(origin * ratio) / scale + 0 : 0;
  return {
    lead:
      code
        .replace(/^MDC_ECG_LEAD_/, "")
        .replace(/^AV([RLF])$/, "aV$1")
        .slice(0, 200) || "signal 1",
    units: isScaled ? units : "",
    gain: isScaled ? 1 / scale : 1,
    baseline: Math.abs(baseline) <= 2 ** 32 ? baseline : 0,
    samplesPerFrame: 1,
    pieces: piecesFrom(digits.numbers, from),
  };
}

/** Returns consecutive samples as pieces. @param start first sample of the first piece */
function piecesFrom(parts: readonly Int32Array[], start: number): Piece[] {
  let from = start;
  return parts.map((samples) => {
    const piece = { from, samples };
    from += samples.length;
    return piece;
  });
}

/** Returns how many of one unit are in another; 1 where either is no voltage. */
function sameUnits(from: string, to: string): number {
  const [a, b] = [unitsPerMillivolt(from), unitsPerMillivolt(to)];
  return a === null || b === null ? 1 : b / a;
}

function numberOf(text: string): number {
  return decimalOf(text) ?? Number.NaN;
}

function commentsOf(root: XmlElement): string[] {
  const subject = elementsAt(root, [
    "componentOf",
    "timepointEvent",
    "componentOf",
    "subjectAssignment",
    "subject",
    "trialSubject",
  ]).at(0);
  if (subject === undefined) return [];
  const person = ["subjectDemographicPerson"];
  const sex = attributeAt(subject, [...person, "administrativeGenderCode"], "code");
  const born = attributeAt(subject, [...person, "birthTime"], "value");
  const name = (elementsAt(subject, [...person, "name"]).at(0)?.text ?? "").trim();
  const id = attributeAt(subject, ["id"], "extension");
  return [
    ...(sex === "M" || sex === "F" ? [`Sex: ${sex}`] : []),
    ...(born === "" ? [] : [`Born: ${born.slice(0, 20)}`]),
    ...(name === "" ? [] : [`Name: ${name.slice(0, 200)}`]),
    ...(id === "" ? [] : [`ID: ${id.slice(0, 200)}`]),
  ];
}

function* readBlocks(leads: readonly Lead[], frames: number): Generator<SampleBlock> {
  const samples = leads.map(() => new Int32Array(Math.min(BLOCK_FRAMES, frames)));
  /** Pieces of each lead that are behind the block. */
  const passed = leads.map(() => 0);
  for (let from = 0; from < frames; from += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - from);
    for (const [i, { pieces }] of leads.entries()) {
      samples[i].fill(MISSING_VALUE);
      while (passed[i] < pieces.length && pieces[passed[i]].from + pieces[passed[i]].samples.length <= from)
        passed[i]++;
      for (let p = passed[i]; p < pieces.length && pieces[p].from < from + count; p++) {
        const piece = pieces[p];
        const first = Math.max(from, piece.from);
        const last = Math.min(from + count, piece.from + piece.samples.length);
        if (first < last) samples[i].set(piece.samples.subarray(first - piece.from, last - piece.from), first - from);
      }
    }
    yield { from, samples: samples.map((each) => each.subarray(0, count)) };
  }
}
