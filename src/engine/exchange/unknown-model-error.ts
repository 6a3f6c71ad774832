import { MAX_QUOTED_LENGTH, shortened } from "../../contract/text/shorten.ts";

/** A model that can't be a network. The message is one sentence. */
export class UnknownModelError extends Error {
  override readonly name = "UnknownModelError";

  constructor(message: string) {
    // The message may quote the file.
    super(shortened(message, MAX_QUOTED_LENGTH));
  }
}
