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
import type { SignalFormat } from "./format.ts";

export type { SignalFormat } from "./format.ts";

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

/** Formats of samples compressed by FLAC, with 8, 16 and 24 bits (signal(5)). */
const FLAC_FORMATS = [508, 516, 524];

/** Returns a format. @throws EctopyError `unsupported`, naming the file and the supported formats */
export function signalFormat(code: number, fileName: string): SignalFormat {
  const format = signalFormats.find((candidate) => candidate.code === code);
  if (format !== undefined) return format;
  const known = signalFormats.map((candidate) => candidate.code);
  throw new EctopyError(
    "unsupported",
    `The signal file ${fileName} has WFDB format ${code}${FLAC_FORMATS.includes(code) ? " (compressed by FLAC)" : ""}; ` +
      `supported formats are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}.`,
    `Convert the record to format 16 (with WFDB's xform, for example) and import it again.`,
  );
}
