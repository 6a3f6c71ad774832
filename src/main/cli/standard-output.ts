/**
 * Errors of standard output and standard error. A reader that stops early (`ectopy runs | head`) or a closed terminal
 * is no failure and ends no training. Output that cannot be written (`> file` on a full disk) is a failure.
 */
import { systemError } from "../../contract/domain/system-errors.ts";

/**
 * Watches both streams for errors.
 * @returns a function to call at the end: it waits until all output is written, and throws the first error
 */
export function watchStandardOutput(): () => Promise<void> {
  const { stdout, stderr } = process;
  let failure: NodeJS.ErrnoException | undefined;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    const closed = error.code === "EPIPE" || (error.code === "EIO" && stdout.isTTY);
    if (!closed) failure ??= error;
  });
  // No stream is left to report it on.
  stderr.on("error", () => {});
  return async () => {
    await new Promise<void>((resolve) => stdout.write("", () => resolve()));
    if (failure) throw systemError(failure, "standard output");
  };
}
