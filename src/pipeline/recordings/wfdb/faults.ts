/** Errors of the WFDB parsers. */
import { EctopyError } from "../../../contract/domain/errors.ts";

const copyAgain = "Copy the record again from its source, or exclude it.";

/** Returns the error of a file that does not follow its format. */
export function damaged(message: string, fix: string = copyAgain): EctopyError {
  return new EctopyError("damaged-file", message, fix);
}

/** Quotes text of a file in a message, shortened and printable. */
export function quote(text: string): string {
  const shown = text.slice(0, 40).replace(/[^\x20-\x7e\xa0-\ud7ff]/g, "?");
  return `“${shown}${text.length > 40 ? "…" : ""}”`;
}
