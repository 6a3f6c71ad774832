/** The errors that WFDB parsers share: each names the file, and says what to do. */
import { EctopyError } from "../../../contract/domain/errors.ts";

const copyAgain = "Copy the record again from where it came from, or leave it out.";

/** Bytes or text that are not what the format says. */
export function damaged(message: string, fix: string = copyAgain): EctopyError {
  return new EctopyError("damaged-file", message, fix);
}

/** What a file says, short and printable, for a message about it. */
export function quote(text: string): string {
  const shown = text.slice(0, 40).replace(/[^\x20-\x7e\xa0-\ud7ff]/g, "?");
  return `“${shown}${text.length > 40 ? "…" : ""}”`;
}
