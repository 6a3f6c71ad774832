/**
 * Reads the XML files of Mortara's ELI electrocardiographs as a {@link RecordingSource}: the rhythm channels. The typical
 * cycle, which is an average beat, is not read.
 *
 * Mortara publishes no specification. Sources: the readers of EDFbrowser (T. van Beelen, mortara2edf) and BRAVEHEART
 * (H. F. Stabenau, J. W. Waks, load_elixml): an element `ECG` with one `CHANNEL` for each lead, whose attributes are
 * `OFFSET`, `BITS`, `FORMAT`, `UNITS_PER_MV`, `DURATION` in samples, `SAMPLE_FREQ` in Hz, `NAME`, `ENCODING` and `DATA`.
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
import { damaged, quote } from "../wfdb/faults.ts";
import { attributeAt, elementsAt, parseXml, type XmlElement } from "../xml/xml.ts";
import { decodeBase64 } from "./base64.ts";

/** Longest file: electrocardiographs record seconds or minutes. */
const MAX_FILE_BYTES = 1 << 25;
const BLOCK_FRAMES = 1 << 13;
const MAX_CHANNELS = 100;
const MAX_RATE = 1e5;
const [MIN_GAIN, MAX_GAIN] = [1e-9, 1e9];

export function isMortara(firstBytes: Uint8Array): boolean {
  const text = decodeText(firstBytes);
  return /<ECG[\s>]/.test(text) && /<(?:TYPICAL_CYCLE|CHANNEL|SOURCE|SUBJECT|AUTOMATIC_MEASUREMENTS)[\s>/]/.test(text);
}

interface Channel extends SourceSignal {
  rate: number;
  samples: Int32Array;
}

/** @throws EctopyError `damaged-file`, `unsupported`, `nothing-usable` without a channel */
export function openMortara(bytes: SourceBytes, file: string): RecordingSource {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new EctopyError(
      "unsupported",
      `${file} has ${bytes.length} bytes; a file of Mortara ELI is read up to ${MAX_FILE_BYTES}.`,
      "Export the recording as EDF or HL7 aECG, and import that.",
    );
  }
  const root = parseXml(bytes, file);
  if (root.name !== "ECG") throw damaged(`${file}: the document is ${quote(root.name)}, not ECG.`);
  const findings: Finding[] = [];
  const elements = elementsAt(root, ["CHANNEL"]);
  if (elements.length > MAX_CHANNELS) throw damaged(`${file} has more than ${MAX_CHANNELS} channels.`);
  const all = elements.map((element, i) => channelOf(element, i, file, findings));
  const [first] = all;
  if (first === undefined || all.every(({ samples }) => samples.length === 0)) {
    throw new EctopyError("nothing-usable", `${file} has no channel with samples.`, "Compare it with its source.");
  }
  const channels = all.filter(({ rate }) => rate === first.rate);
  if (channels.length < all.length) {
    const others = all.filter(({ rate }) => rate !== first.rate).map(({ lead, rate }) => `${lead} at ${rate} Hz`);
    findings.push(warning(`${file}: excluded were ${others.slice(0, 8).join(", ")} (${others.length} in all).`));
  }
  const frames = Math.max(...channels.map(({ samples }) => samples.length));
  return {
    name: recordingName(file),
    format: "Mortara ELI",
    frameRate: first.rate,
    frames,
    rate: first.rate,
    startsAt: startOf(root.attributes.get("ACQUISITION_TIME") ?? ""),
    signals: channels.map(({ lead, units, gain, baseline, samplesPerFrame }) => {
      return { lead, units, gain, baseline, samplesPerFrame };
    }),
    annotators: [],
    comments: commentsOf(root),
    findings,
    blocks: () => readBlocks(channels, frames),
  };
}

function channelOf({ attributes }: XmlElement, index: number, file: string, findings: Finding[]): Channel {
  const text = (name: string): string => attributes.get(name) ?? "";
  const number = (name: string): number => decimalOf(text(name)) ?? Number.NaN;
  const lead = text("NAME").trim().slice(0, 200) || `signal ${index + 1}`;
  const place = `${file}, channel ${lead}`;
  if (text("ENCODING") !== "BASE64" || text("FORMAT") !== "SIGNED" || number("BITS") !== 16) {
    throw new EctopyError(
      "unsupported",
      `${place}: samples are ${quote(text("FORMAT"))} with ${quote(text("BITS"))} bits, encoded as ` +
        `${quote(text("ENCODING"))}; signed ones with 16 bits in BASE64 are read.`,
      "Export the recording as EDF or HL7 aECG, and import that.",
    );
  }
  const [rate, gain, offset] = [number("SAMPLE_FREQ"), number("UNITS_PER_MV"), number("OFFSET") || 0];
  if (!(rate > 0 && rate <= MAX_RATE)) throw damaged(`${place}: the sampling rate is ${quote(text("SAMPLE_FREQ"))}.`);
  const data = decodeBase64(text("DATA"));
  if (data === null) throw damaged(`${place}: the samples are no BASE64.`);
  const view = new DataView(data.buffer);
  const samples = Int32Array.from({ length: data.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
  const announced = number("DURATION");
  if (announced !== samples.length) {
    const message = `${place} has ${samples.length} samples; its duration is ${quote(text("DURATION"))}.`;
    findings.push(warning(message, "Compare it with its source.", samples.length < announced ? "truncated" : "header"));
  }
  if (offset !== 0) findings.push(note(`${place}: the offset ${offset} was added to its samples.`, "header"));
  const isScaled = gain >= MIN_GAIN && gain <= MAX_GAIN;
  return {
    lead: lead.replace(/^AV([RLF])$/, "aV$1"),
    units: isScaled ? "mV" : "",
    gain: isScaled ? gain : 1,
    baseline: Math.abs(offset) <= 2 ** 32 ? -offset + 0 : 0,
    samplesPerFrame: 1,
    rate,
    samples,
  };
}

/** `YYYYMMDDHHMMSS`. */
function startOf(text: string): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Returns notes on the patient, who is described by the attributes of `SUBJECT`. */
function commentsOf(root: XmlElement): string[] {
  const value = (name: string): string => attributeAt(root, ["SUBJECT"], name).trim().slice(0, 200);
  const sex = value("GENDER");
  const name = [value("FIRST_NAME"), value("LAST_NAME")].filter((part) => part !== "").join(" ");
  const years = ["", "Y"].includes(root.attributes.get("AGE_UNITS") ?? "") ? (root.attributes.get("AGE") ?? "") : "";
  const facts = { Age: value("AGE") || years.slice(0, 20), Born: value("DOB"), Name: name, ID: value("ID") };
  return [
    ...(/^(?:M|F|Male|Female)$/i.test(sex) ? [`Sex: ${sex[0].toUpperCase()}`] : []),
    ...Object.entries(facts).flatMap(([label, text]) => (text === "" ? [] : [`${label}: ${text}`])),
  ];
}

function* readBlocks(channels: readonly Channel[], frames: number): Generator<SampleBlock> {
  const blocks = channels.map(() => new Int32Array(Math.min(BLOCK_FRAMES, frames)));
  for (let from = 0; from < frames; from += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - from);
    for (const [i, { samples }] of channels.entries()) {
      blocks[i].fill(MISSING_VALUE);
      blocks[i].set(samples.subarray(from, from + count));
    }
    yield { from, samples: blocks.map((block) => block.subarray(0, count)) };
  }
}
