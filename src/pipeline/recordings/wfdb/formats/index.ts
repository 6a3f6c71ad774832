/** The signal formats that can be read and written. Another one is a module beside this, and a line here. */
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { format16 } from "./16.ts";
import { format212 } from "./212.ts";
import type { SignalFormat } from "./format.ts";

export type { SignalFormat } from "./format.ts";

export const signalFormats: readonly SignalFormat[] = [format16, format212];

/** @throws EctopyError `unsupported`, naming the file and the formats that are read */
export function signalFormat(code: number, fileName: string): SignalFormat {
  const format = signalFormats.find((candidate) => candidate.code === code);
  if (format !== undefined) return format;
  const known = signalFormats.map((candidate) => candidate.code).join(" and ");
  throw new EctopyError(
    "unsupported",
    `The signal file ${fileName} is stored in WFDB format ${code}; formats ${known} are read.`,
    `Convert the record to format 16 (with WFDB's xform, for example) and import it again.`,
  );
}
