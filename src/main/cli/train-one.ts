/** Trains one of several runs. */
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";

/** Trains one run. Its failure, or a stop before its first epoch, does not end the others: the run stores its error. */
export async function trainOne(train: () => Promise<unknown>): Promise<void> {
  try {
    await train();
  } catch (error) {
    if (!(error instanceof EctopyError) && !(error instanceof CancelledError)) throw error;
  }
}
