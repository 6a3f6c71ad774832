/** False once SIGTERM has come: the round at hand is the last, and the table shows those that were done. */
export function untilTerminated(): () => boolean {
  let goOn = true;
  process.once("SIGTERM", () => (goOn = false));
  return () => goOn;
}
