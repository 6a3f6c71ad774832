/** Makes EDF and BDF files field by field, with any fault. */
import { encodeTimedTexts } from "../../src/pipeline/recordings/edf/timed-texts.ts";

export interface EdfSignalFields {
  label?: string;
  transducer?: string;
  units?: string;
  physicalMin?: string;
  physicalMax?: string;
  digitalMin?: string;
  digitalMax?: string;
  prefilter?: string;
  samples: number | string;
}

export interface EdfFields {
  isBdf?: boolean;
  patient?: string;
  recording?: string;
  date?: string;
  time?: string;
  headerBytes?: string;
  reserved?: string;
  records?: string;
  duration?: string;
  signals: readonly EdfSignalFields[];
  /** Data records: samples of each signal, or the bytes of an annotation signal. */
  data: readonly (readonly (readonly number[] | Uint8Array)[])[];
}

/** Returns the bytes of an annotation signal: the record's start, then texts. */
export function annotationBytes(
  start: number,
  texts: readonly [onset: number, duration: number, ...texts: string[]][] = [],
): Uint8Array {
  const lists = [
    encodeTimedTexts(start, 0, []),
    ...texts.map(([onset, duration, ...each]) => encodeTimedTexts(onset, duration, each)),
  ];
  return Uint8Array.from(lists.flatMap((list) => [...list]));
}

export function makeEdf(fields: EdfFields): Uint8Array {
  const { isBdf = false, signals, data } = fields;
  const bytesPerSample = isBdf ? 3 : 2;
  const texts: [string, number][] = [
    [isBdf ? "\u00ffBIOSEMI" : "0", 8],
    [fields.patient ?? "X X X X", 80],
    [fields.recording ?? "Startdate X X X X", 80],
    [fields.date ?? "01.02.03", 8],
    [fields.time ?? "12.30.15", 8],
    [fields.headerBytes ?? String(256 * (signals.length + 1)), 8],
    [fields.reserved ?? (isBdf ? "24BIT" : ""), 44],
    [fields.records ?? String(data.length), 8],
    [fields.duration ?? "1", 8],
    [String(signals.length), 4],
  ];
  const add = (width: number, field: (signal: EdfSignalFields) => string): void => {
    for (const signal of signals) texts.push([field(signal), width]);
  };
  add(16, ({ label = "II" }) => label);
  add(80, ({ transducer = "" }) => transducer);
  add(8, ({ units = "mV" }) => units);
  add(8, ({ physicalMin = "-10" }) => physicalMin);
  add(8, ({ physicalMax = "10" }) => physicalMax);
  add(8, ({ digitalMin = "-2000" }) => digitalMin);
  add(8, ({ digitalMax = "2000" }) => digitalMax);
  add(80, ({ prefilter = "" }) => prefilter);
  add(8, ({ samples }) => String(samples));
  add(32, () => "");
  const header = texts.map(([text, width]) => text.slice(0, width).padEnd(width)).join("");
  const bytes = Array.from(header, (character) => character.charCodeAt(0));
  for (const record of data) {
    for (const [index, samples] of record.entries()) {
      if (samples instanceof Uint8Array) {
        const length = Number(signals[index].samples) * bytesPerSample;
        bytes.push(...samples, ...new Uint8Array(Math.max(0, length - samples.length)));
      } else {
        for (const sample of samples) {
          for (let byte = 0; byte < bytesPerSample; byte++) bytes.push((sample >> (8 * byte)) & 0xff);
        }
      }
    }
  }
  return Uint8Array.from(bytes);
}
