/** One group of a DICOM waveform: channels that were sampled together. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { decimalOf } from "../decimal-text.ts";
import { note, warning } from "../messages.ts";
import { damaged, quote } from "../wfdb/faults.ts";
import type { Dataset, ElementReader } from "./elements.ts";
import { leadName } from "./lead-names.ts";

export interface Channel {
  lead: string;
  units: string;
  /** Digital units per physical unit. */
  gain: number;
  baseline: number;
}

export interface SampleForm {
  bytes: 1 | 2 | 4;
  isSigned: boolean;
  /** Digital value of a missing sample; null: none. */
  padding: number | null;
}

export interface Group {
  label: string;
  isDerived: boolean;
  /** In Hz. */
  rate: number;
  /** Time of the first sample, in ms. */
  offset: number;
  /** Samples of each channel that the file has. */
  samples: number;
  /** Byte of the first sample; channels alternate. */
  dataOffset: number;
  form: SampleForm;
  channels: Channel[];
}

const tags = {
  originality: 0x003a0004,
  channels: 0x003a0005,
  samples: 0x003a0010,
  rate: 0x003a001a,
  label: 0x003a0020,
  offset: 0x00181068,
  definitions: 0x003a0200,
  channelLabel: 0x003a0203,
  source: 0x003a0208,
  sensitivity: 0x003a0210,
  units: 0x003a0211,
  correction: 0x003a0212,
  baseline: 0x003a0213,
  skew: 0x003a0214,
  sampleSkew: 0x003a0215,
  code: 0x00080100,
  meaning: 0x00080104,
  bits: 0x54001004,
  interpretation: 0x54001006,
  padding: 0x5400100a,
  data: 0x54001010,
} as const;

const forms: Readonly<Record<string, Pick<SampleForm, "bytes" | "isSigned">>> = {
  "8 SB": { bytes: 1, isSigned: true },
  "8 UB": { bytes: 1, isSigned: false },
  "16 SS": { bytes: 2, isSigned: true },
  "16 US": { bytes: 2, isSigned: false },
  "32 SL": { bytes: 4, isSigned: true },
};

const MAX_CHANNELS = 1000;
const MAX_RATE = 1e6;
const [MIN_SCALE, MAX_SCALE] = [1e-12, 1e12];
const MAX_BASELINE = 2 ** 32;

/** @throws EctopyError `damaged-file`, `unsupported` */
export function readGroup(
  reader: ElementReader,
  item: Dataset,
  { file, number, findings }: { file: string; number: number; findings: Finding[] },
): Group {
  const place = `${file}, waveform ${number}`;
  const decimal = (tag: number, absent: number): number => decimalOf(reader.text(item, tag)) ?? absent;
  const rate = decimal(tags.rate, Number.NaN);
  if (!(rate > 0 && rate <= MAX_RATE)) {
    throw damaged(`${place}: the sampling rate is ${quote(reader.text(item, tags.rate))}.`);
  }
  const count = reader.integer(item, tags.channels, 2) ?? 0;
  if (count > MAX_CHANNELS) throw damaged(`${place} has more than ${MAX_CHANNELS} channels.`);
  const form = formOf(reader, item, place);
  const data = item.get(tags.data);
  const announced = reader.integer(item, tags.samples, 4) ?? 0;
  const samples = Math.min(announced, Math.floor((data?.length ?? 0) / Math.max(1, count * form.bytes)));
  if (samples < announced) {
    const message = `${place} has ${samples} of ${announced} samples of each channel.`;
    findings.push(warning(message, "Compare it with its source.", "truncated"));
  }
  const definitions = item.get(tags.definitions)?.items ?? [];
  if (definitions.length !== count) {
    findings.push(note(`${place} describes ${definitions.length} of ${count} channels.`, "header"));
  }
  const described = Array.from({ length: count }, (_, i) => {
    return channelOf(reader, definitions.at(i) ?? new Map(), i + 1);
  });
  findings.push(...channelFindings(described, place));
  const channels = described.map(({ isSkewed: _, ...channel }) => channel);
  return {
    label: reader.text(item, tags.label),
    isDerived: reader.text(item, tags.originality) === "DERIVED",
    rate,
    offset: decimal(tags.offset, 0),
    samples,
    dataOffset: data?.from ?? 0,
    form,
    channels,
  };
}

function formOf(reader: ElementReader, item: Dataset, place: string): SampleForm {
  const bits = reader.integer(item, tags.bits, 2) ?? 0;
  const interpretation = reader.text(item, tags.interpretation);
  const form = forms[`${bits} ${interpretation}`];
  if (form === undefined) {
    throw new EctopyError(
      "unsupported",
      `${place}: samples are ${quote(interpretation)} with ${bits} bits; signed and unsigned integers of 8 and 16 bits and signed ones of 32 bits are read.`,
      "Export the recording in another format, such as EDF, and import that.",
    );
  }
  const element = item.get(tags.padding);
  const padding = element === undefined ? null : reader.bytesOf(element, form.bytes);
  return { ...form, padding: padding?.length === form.bytes ? sampleAt(padding, 0, form) : null };
}

/** Returns the integer at a byte. */
export function sampleAt(
  bytes: Uint8Array,
  at: number,
  { bytes: size, isSigned }: Pick<SampleForm, "bytes" | "isSigned">,
) {
  if (size === 1) return isSigned ? (bytes[at] << 24) >> 24 : bytes[at];
  const low = bytes[at] | (bytes[at + 1] << 8);
  if (size === 2) return isSigned ? (low << 16) >> 16 : low;
  return low | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

interface DescribedChannel extends Channel {
  isSkewed: boolean;
}

function channelOf(reader: ElementReader, definition: Dataset, number: number): DescribedChannel {
  const [source] = definition.get(tags.source)?.items ?? [];
  const [unit] = definition.get(tags.units)?.items ?? [];
  const textOf = (of: Dataset | undefined, tag: number): string => (of === undefined ? "" : reader.text(of, tag));
  const decimal = (tag: number, absent: number): number => decimalOf(reader.text(definition, tag)) ?? absent;
  const label = reader.text(definition, tags.channelLabel);
  const named = leadName({ code: textOf(source, tags.code), meaning: textOf(source, tags.meaning), label });
  const lead = named === "" ? `signal ${number}` : named;
  const isSkewed = decimal(tags.skew, 0) !== 0 || decimal(tags.sampleSkew, 0) !== 0;
  // C.10.9.1.4: the physical value is sample · sensitivity · correction + baseline, all in the unit of the sensitivity.
  const scale = decimal(tags.sensitivity, 0) * decimal(tags.correction, 1);
  const baseline = -decimal(tags.baseline, 0) / scale;
  if (!(Math.abs(scale) >= MIN_SCALE && Math.abs(scale) <= MAX_SCALE && Math.abs(baseline) <= MAX_BASELINE)) {
    return { lead, units: "", gain: 0, baseline: 0, isSkewed };
  }
  return { lead, units: textOf(unit, tags.code).slice(0, 20), gain: 1 / scale, baseline: baseline + 0, isSkewed };
}

/** Returns one finding for all channels that are odd in the same way, and gives those without a gain digital values. */
function channelFindings(channels: readonly DescribedChannel[], place: string): Finding[] {
  const skewed = channels.filter(({ isSkewed }) => isSkewed);
  const unknown = channels.filter(({ gain }) => gain === 0);
  for (const channel of unknown) channel.gain = 1;
  return [
    ...(skewed.length === 0
      ? []
      : [note(`${place}: the time skew of ${namesOf(skewed)} was not corrected.`, "header")]),
    ...(unknown.length === 0
      ? []
      : [
          warning(
            `${place}: the sensitivity of ${namesOf(unknown)} is unknown; digital values are shown, without a unit.`,
            "Enter the unit and the gain, or choose another lead.",
            "no-gain",
          ),
        ]),
  ];
}

function namesOf(channels: readonly Channel[]): string {
  const names = channels.slice(0, 8).map(({ lead }) => lead.slice(0, 40));
  return `${names.join(", ")}${channels.length > names.length ? `, … (${channels.length} channels)` : ""}`;
}
