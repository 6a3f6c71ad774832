/**
 * What becomes of standard output and error while they are written to. A reader that has seen enough (`ectopy runs | head`)
 * is no failure, and ends no training, and neither is a terminal that was closed; output that could not be written (`> file` on a
 * full disk) is one.
 */
import { systemError } from "../../contract/domain/system-errors.ts";

/** @returns to be called at the end: waits until all is written, and throws what went wrong */
export function watchStandardOutput(): () => Promise<void> {
  const { stdout, stderr } = process;
  let failure: NodeJS.ErrnoException | undefined;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    const closed = error.code === "EPIPE" || (error.code === "EIO" && stdout.isTTY);
    if (!closed) failure ??= error;
  });
  // There is nowhere left to tell it.
  stderr.on("error", () => {});
  return async () => {
    await new Promise<void>((resolve) => stdout.write("", () => resolve()));
    if (failure) throw systemError(failure, "standard output");
  };
}
