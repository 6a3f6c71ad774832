/** Which file names a header may give: a plain name, inside the folder the header lies in, on every system. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quote } from "./faults.ts";

/** Windows opens these as devices, whatever their extension, and a read may never end. */
const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Separators, drive letters and data streams, NUL and the other control characters. */

const forbidden = /[/\\:\x00-\x1f\x7f]/;

/** Whether a name is a plain one that every system takes for a file in its folder: not absolute, not climbing, no device's. */
export function isPlainFileName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 255 &&
    name !== "." &&
    name !== ".." &&
    !forbidden.test(name) &&
    !deviceName.test(name)
  );
}

/**
 * @param name a file name as the header gives it
 * @param place where it stands, such as `100.hea, line 2`
 * @throws EctopyError `unsafe-path` where it is no plain name
 */
export function checkFileName(name: string, place: string): void {
  if (isPlainFileName(name)) return;
  throw new EctopyError(
    "unsafe-path",
    `${place}: the signal file ${quote(name)} would lie outside the record's folder.`,
    "Put the signal file beside the header and let the header give its plain name.",
  );
}
