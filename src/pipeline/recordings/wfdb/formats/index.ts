/** Supported signal formats. A further format is a module in this folder and an entry in the list. */
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { format16 } from "./16.ts";
import { format212 } from "./212.ts";
import type { SignalFormat } from "./format.ts";

export type { SignalFormat } from "./format.ts";

export const signalFormats: readonly SignalFormat[] = [format16, format212];

/** Returns a format. @throws EctopyError `unsupported`, naming the file and the supported formats */
export function signalFormat(code: number, fileName: string): SignalFormat {
  const format = signalFormats.find((candidate) => candidate.code === code);
  if (format !== undefined) return format;
  const known = signalFormats.map((candidate) => candidate.code).join(" and ");
  throw new EctopyError(
    "unsupported",
    `The signal file ${fileName} has WFDB format ${code}; supported formats are ${known}.`,
    `Convert the record to format 16 (with WFDB's xform, for example) and import it again.`,
  );
}
