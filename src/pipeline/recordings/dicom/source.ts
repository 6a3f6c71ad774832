/**
 * Reads waveforms of DICOM files as a {@link RecordingSource}: 12-lead, general and ambulatory ECG, and other waveforms with
 * an ECG among their channels. Groups with one sampling rate are placed by their time offsets.
 *
 * Source: DICOM PS3.3, sections C.10.9 (waveform) and C.10.10 (waveform annotation), and A.34 (waveform objects).
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { note, recordingName } from "../messages.ts";
import { MISSING_VALUE, type RecordingSource, type SourceBytes } from "../source.ts";
import { quote } from "../wfdb/faults.ts";
import { isDicom, classOf, readDicom, type Dataset, type ElementReader } from "./elements.ts";
import { readGroup, type Group } from "./group.ts";
import { layOut, readBlocks } from "./layout.ts";

/** Classes of ECG, haemodynamic and electrophysiology waveforms. */
const WAVEFORM_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.9\.[123]\./;
const IMPLICIT = "1.2.840.10008.1.2";
const EXPLICIT = "1.2.840.10008.1.2.1";
const DEFLATED = "1.2.840.10008.1.2.1.99";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const ANNOTATOR = "dicom";
/** Symbol of a note. */
const NOTE = '"';
const MAX_NOTES = 1000;
/** The standard has five at most in a 12-lead ECG. */
const MAX_GROUPS = 16;
const MAX_AUX_LENGTH = 255;

const tags = {
  waveforms: 0x54000100,
  annotations: 0x0040b020,
  positions: 0x0040a132,
  text: 0x00700006,
  concept: 0x0040a043,
  meaning: 0x00080104,
  acquired: 0x0008002a,
  name: 0x00100010,
  id: 0x00100020,
  born: 0x00100030,
  sex: 0x00100040,
  age: 0x00101010,
} as const;

/** Returns whether a file is a waveform by its first bytes: images are no recordings. */
export function isDicomWaveform(firstBytes: Uint8Array): boolean {
  return isDicom(firstBytes) && WAVEFORM_CLASS.test(classOf(firstBytes));
}

/** @throws EctopyError `damaged-file`, with the byte; `unsupported`; `nothing-usable` without samples */
export function openDicom(bytes: SourceBytes, file: string): RecordingSource {
  const { dataset, reader } = readDicom(bytes, file, (syntax) => ({ isExplicit: isExplicit(syntax, file) }));
  const findings: Finding[] = [];
  const sequence = dataset.get(tags.waveforms)?.items ?? [];
  if (sequence.length > MAX_GROUPS) {
    findings.push(note(`${file} has ${sequence.length} waveforms; the first ${MAX_GROUPS} were read.`));
  }
  const groups = sequence
    .slice(0, MAX_GROUPS)
    .map((item, i) => readGroup(reader, item, { file, number: i + 1, findings }));
  const { signals, rate, frames } = layOut(chosenGroups(groups, file, findings), { file, findings });
  if (signals.length === 0 || frames === 0) {
    throw new EctopyError("nothing-usable", `${file} has no waveform with samples.`, "Compare it with its source.");
  }
  const { annotations, remarks } = readAnnotations(reader, dataset, frames);
  return {
    name: recordingName(file),
    format: "DICOM",
    frameRate: rate,
    frames,
    rate,
    startsAt: startOf(reader.text(dataset, tags.acquired)),
    signals: signals.map(({ lead, units, gain, baseline }) => ({ lead, units, gain, baseline, samplesPerFrame: 1 })),
    annotators: annotations.length === 0 ? [] : [{ annotator: ANNOTATOR, annotations }],
    comments: [...commentsOf(reader, dataset), ...remarks],
    findings,
    blocks: () => readBlocks(bytes, signals, frames, MISSING_VALUE),
  };
}

function isExplicit(syntax: string, file: string): boolean {
  if (syntax === EXPLICIT) return true;
  if (syntax === IMPLICIT) return false;
  const how =
    syntax === DEFLATED
      ? "is compressed (deflated)"
      : syntax === BIG_ENDIAN
        ? "is in big endian"
        : `has the transfer syntax ${quote(syntax)}`;
  throw new EctopyError(
    "unsupported",
    `${file} ${how}; DICOM waveforms are read in explicit and implicit little endian.`,
    "Convert it to explicit little endian, such as by dcmconv +te of DCMTK, and import it again.",
  );
}

/** Returns the recorded groups with the rate of the longest one; an average beat is derived. */
function chosenGroups(groups: readonly Group[], file: string, findings: Finding[]): Group[] {
  const filled = groups.filter(({ samples, channels }) => samples > 0 && channels.length > 0);
  const recorded = filled.filter(({ isDerived }) => !isDerived);
  const candidates = recorded.length > 0 ? recorded : filled;
  const [longest] = candidates.toSorted((a, b) => b.samples - a.samples);
  if (longest === undefined) return [];
  const chosen = candidates.filter(({ rate }) => rate === longest.rate);
  const left = filled.filter((group) => !chosen.includes(group));
  if (left.length > 0) {
    const listed = left.slice(0, 5).map(({ label, rate, isDerived }) => {
      return `${quote(label)} at ${rate} Hz${isDerived ? ", derived" : ""}`;
    });
    findings.push(note(`${file}: waveforms that were left out: ${listed.join("; ")}${left.length > 5 ? "; …" : ""}.`));
  }
  return chosen;
}

/** Returns texts at a sample as annotations, and texts on the whole as remarks. */
function readAnnotations(
  reader: ElementReader,
  dataset: Dataset,
  frames: number,
): { annotations: Annotation[]; remarks: string[] } {
  const annotations: Annotation[] = [];
  const remarks: string[] = [];
  for (const item of (dataset.get(tags.annotations)?.items ?? []).slice(0, MAX_NOTES)) {
    const [concept] = item.get(tags.concept)?.items ?? [];
    const free = reader.text(item, tags.text);
    const text = free === "" && concept !== undefined ? reader.text(concept, tags.meaning) : free;
    // Positions count from 1.
    const position = reader.integer(item, tags.positions, 4);
    const aux = text.slice(0, MAX_AUX_LENGTH);
    if (text !== "" && position !== null && position >= 1 && position <= frames) {
      annotations.push({ sample: position - 1, symbol: NOTE, subtype: 0, channel: 0, num: 0, aux });
    } else if (free !== "" && position === null) remarks.push(`Interpretation: ${aux}`);
  }
  return { annotations: annotations.sort((a, b) => a.sample - b.sample), remarks };
}

/** `YYYYMMDDHHMMSS.FFFFFF`, with parts missing from the end. */
function startOf(text: string): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?/.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second = "00"] = parts.slice(1);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Returns notes on the patient, in the words of the other readers. */
function commentsOf(reader: ElementReader, dataset: Dataset): string[] {
  const value = (tag: number): string => reader.text(dataset, tag).slice(0, 200);
  const facts = {
    Sex: value(tags.sex),
    Age: value(tags.age),
    Born: value(tags.born),
    Name: value(tags.name).replaceAll("^", " ").trim(),
    ID: value(tags.id),
  };
  return Object.entries(facts).flatMap(([label, text]) => (text === "" ? [] : [`${label}: ${text}`]));
}
