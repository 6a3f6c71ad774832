/** Errors of the WFDB parsers. */
import { EctopyError } from "../../../contract/domain/errors.ts";

const COPY_AGAIN = "Copy the record again from its source, or exclude it.";

/** Maximum length of quoted text, in characters. */
const MAX_QUOTE_LENGTH = 40;

/** Returns the error of a file that does not follow its format. */
export function damaged(message: string, fix: string = COPY_AGAIN): EctopyError {
  return new EctopyError("damaged-file", message, fix);
}

/** Quotes text of a file in a message, shortened and printable. */
export function quote(text: string): string {
  const shown = text.slice(0, MAX_QUOTE_LENGTH).replace(/[^\x20-\x7e\xa0-\ud7ff]/g, "?");
  return `“${shown}${text.length > MAX_QUOTE_LENGTH ? "…" : ""}”`;
}
