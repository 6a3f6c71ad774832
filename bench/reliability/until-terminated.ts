/** Returns false after SIGTERM: the current round is the last, and the table shows the finished ones. */
export function untilTerminated(): () => boolean {
  let shouldContinue = true;
  process.once("SIGTERM", () => (shouldContinue = false));
  return () => shouldContinue;
}
