/** Checks file names in headers: plain names in the header's folder, on every operating system. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quote } from "./faults.ts";

/** Names of Windows devices, with any extension; reading one may never end. */
const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Separators, drive letters, data streams and control characters. */

const forbidden = /[/\\:\x00-\x1f\x7f]/;

/** Returns whether a name is a plain file name on every system: not absolute, without `..`, and no device. */
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
 * Checks a file name of a header.
 * @param place position of the name, such as `100.hea, line 2`
 * @throws EctopyError `unsafe-path` for any other name
 */
export function checkFileName(name: string, place: string): void {
  if (isPlainFileName(name)) return;
  throw new EctopyError(
    "unsafe-path",
    `${place}: the signal file ${quote(name)} would be outside the record's folder.`,
    "Put the signal file into the header's folder, and change its name in the header to a plain one.",
  );
}
