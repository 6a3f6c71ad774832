/** Supported signal formats. A further format is a module in this folder and an entry in the list. */
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { format16 } from "./16.ts";
import { format160 } from "./160.ts";
import { format212 } from "./212.ts";
import { format24 } from "./24.ts";
import { format310 } from "./310.ts";
import { format311 } from "./311.ts";
import { format32 } from "./32.ts";
import { format61 } from "./61.ts";
import { format8 } from "./8.ts";
import { format80 } from "./80.ts";
import { FLAC_FORMATS } from "../flac-samples.ts";
import type { SignalFormat } from "./format.ts";
import { wholeBytes } from "./whole-bytes.ts";

export type { SignalFormat } from "./format.ts";

/** Formats without compression. */
export const signalFormats: readonly SignalFormat[] = [
  format8,
  format16,
  format24,
  format32,
  format61,
  format80,
  format160,
  format212,
  format310,
  format311,
];

/** Formats whose samples are compressed by FLAC: these are their samples after decompression (`FlacSamples`). */
const flacFormats: readonly SignalFormat[] = [...FLAC_FORMATS].map(([code, bytes]) => wholeBytes({ code, bytes }));

/** Returns a format. @throws EctopyError `unsupported`, naming the file and the supported formats */
export function signalFormat(code: number, fileName: string): SignalFormat {
  const all = [...signalFormats, ...flacFormats];
  const format = all.find((candidate) => candidate.code === code);
  if (format !== undefined) return format;
  const known = all.map((candidate) => candidate.code);
  throw new EctopyError(
    "unsupported",
    `The signal file ${fileName} has WFDB format ${code}; ` +
      `supported formats are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}.`,
    `Convert the record to format 16 (with WFDB's xform, for example) and import it again.`,
  );
}
