/** Makes DICOM waveform files, element by element (PS3.5, section 7.1). */

export interface DicomChannel {
  /** Code of its source, such as `2:1` of MDC; default: none. */
  code?: string;
  meaning?: string;
  label?: string;
  sensitivity?: string;
  correction?: string;
  baseline?: string;
  /** Default: `uV`. */
  unit?: string;
}

export interface DicomGroup {
  channels: readonly DicomChannel[];
  /** Samples of each channel. */
  samples: readonly (readonly number[])[];
  rate?: string;
  offset?: string;
  originality?: string;
  label?: string;
  /** Bits and interpretation; default: 16 SS. */
  form?: readonly [bits: 8 | 16 | 32, interpretation: string];
  padding?: number;
}

export interface DicomFields {
  groups: readonly DicomGroup[];
  syntax?: string;
  /** Class of the file; default: 12-lead ECG. */
  sopClass?: string;
  /** Whether sequences and items have a length (default: true), or an end. */
  hasLengths?: boolean;
  annotations?: readonly { text?: string; meaning?: string; position?: number }[];
}

export const syntaxes = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  bigEndian: "1.2.840.10008.1.2.2",
} as const;

const LONG = new Set(["OB", "OW", "SQ"]);
const UNDEFINED = 0xffffffff;

export function makeDicom(fields: DicomFields): Buffer {
  const { syntax = syntaxes.explicit, sopClass = "1.2.840.10008.5.1.4.1.1.9.1.1", hasLengths = true } = fields;
  const of = writerOf(syntax !== syntaxes.implicit, hasLengths);
  const meta = writerOf(true, true);
  const head = [meta.text(0x00020002, "UI", sopClass), meta.text(0x00020010, "UI", syntax)];
  const dataset = [
    of.text(0x0008002a, "DT", "20130125105919.000"),
    of.text(0x00100010, "PN", "Doe^Jo"),
    of.text(0x00100020, "LO", "S-1"),
    of.text(0x00100040, "CS", "F"),
    ...(fields.annotations === undefined ? [] : [of.sequence(0x0040b020, fields.annotations.map(annotationOf(of)))]),
    of.sequence(
      0x54000100,
      fields.groups.map((group) => groupOf(of, group)),
    ),
  ];
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), ...head, ...dataset]);
}

interface Writer {
  value: (tag: number, vr: string, value: Buffer) => Buffer;
  text: (tag: number, vr: string, text: string) => Buffer;
  short: (tag: number, value: number) => Buffer;
  long: (tag: number, value: number) => Buffer;
  sequence: (tag: number, items: readonly (readonly Buffer[])[]) => Buffer;
}

function writerOf(isExplicit: boolean, hasLengths: boolean): Writer {
  const head = (tag: number, vr: string, length: number): Buffer => {
    const isLong = !isExplicit || LONG.has(vr) || vr === "";
    const bytes = Buffer.alloc(isExplicit && vr !== "" && isLong ? 12 : 8);
    bytes.writeUInt16LE(tag >>> 16, 0);
    bytes.writeUInt16LE(tag & 0xffff, 2);
    if (isExplicit && vr !== "") bytes.write(vr, 4, "latin1");
    if (isLong) bytes.writeUInt32LE(length, bytes.length - 4);
    else bytes.writeUInt16LE(length, 6);
    return bytes;
  };
  const value = (tag: number, vr: string, given: Buffer): Buffer => Buffer.concat([head(tag, vr, given.length), given]);
  const items = (all: readonly (readonly Buffer[])[]): Buffer =>
    Buffer.concat(
      all.flatMap((parts) =>
        hasLengths
          ? [head(0xfffee000, "", Buffer.concat(parts).length), ...parts]
          : [head(0xfffee000, "", UNDEFINED), ...parts, head(0xfffee00d, "", 0)],
      ),
    );
  return {
    value,
    text: (tag, vr, text) =>
      value(tag, vr, Buffer.from(text.length % 2 === 0 ? text : `${text}${vr === "UI" ? "\0" : " "}`)),
    short: (tag, number) => value(tag, "US", Buffer.from(Uint16Array.of(number).buffer)),
    long: (tag, number) => value(tag, "UL", Buffer.from(Uint32Array.of(number).buffer)),
    sequence: (tag, all) =>
      hasLengths
        ? value(tag, "SQ", items(all))
        : Buffer.concat([head(tag, "SQ", UNDEFINED), items(all), head(0xfffee0dd, "", 0)]),
  };
}

function groupOf(of: Writer, group: DicomGroup): Buffer[] {
  const { channels, samples, form = [16, "SS"], padding } = group;
  const [bits, interpretation] = form;
  const bytes = (values: readonly number[]): Buffer => {
    const kinds = { 8: Int8Array, 16: Int16Array, 32: Int32Array } as const;
    const data = Buffer.from(kinds[bits].from(values).buffer);
    return data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)]);
  };
  const interleaved = Array.from(samples[0] ?? [], (_, i) => samples.map((channel) => channel[i])).flat();
  return [
    ...(group.offset === undefined ? [] : [of.text(0x00181068, "DS", group.offset)]),
    of.text(0x003a0004, "CS", group.originality ?? "ORIGINAL"),
    of.short(0x003a0005, channels.length),
    of.long(0x003a0010, samples[0]?.length ?? 0),
    of.text(0x003a001a, "DS", group.rate ?? "500"),
    of.text(0x003a0020, "SH", group.label ?? "RHYTHM"),
    of.sequence(
      0x003a0200,
      channels.map((channel) => channelOf(of, channel)),
    ),
    of.short(0x54001004, bits),
    of.text(0x54001006, "CS", interpretation),
    ...(padding === undefined ? [] : [of.value(0x5400100a, "OW", bytes([padding]))]),
    of.value(0x54001010, "OW", bytes(interleaved)),
  ];
}

function channelOf(of: Writer, channel: DicomChannel): Buffer[] {
  const {
    code = "",
    meaning = "",
    label,
    sensitivity = "1.25",
    correction = "1",
    baseline = "0",
    unit = "uV",
  } = channel;
  return [
    ...(label === undefined ? [] : [of.text(0x003a0203, "SH", label)]),
    of.sequence(0x003a0208, [[of.text(0x00080100, "SH", code), of.text(0x00080104, "LO", meaning)]]),
    of.text(0x003a0210, "DS", sensitivity),
    of.sequence(0x003a0211, [[of.text(0x00080100, "SH", unit)]]),
    of.text(0x003a0212, "DS", correction),
    of.text(0x003a0213, "DS", baseline),
  ];
}

function annotationOf(of: Writer): (annotation: NonNullable<DicomFields["annotations"]>[number]) => Buffer[] {
  return ({ text, meaning, position }) => [
    ...(meaning === undefined ? [] : [of.sequence(0x0040a043, [[of.text(0x00080104, "LO", meaning)]])]),
    ...(position === undefined ? [] : [of.long(0x0040a132, position)]),
    ...(text === undefined ? [] : [of.text(0x00700006, "ST", text)]),
  ];
}
