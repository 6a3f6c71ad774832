/** Returns false after SIGTERM: the current round is the last, and the table shows the finished ones. */
export function untilTerminated(): () => boolean {
  let goOn = true;
  process.once("SIGTERM", () => (goOn = false));
  return () => goOn;
}
