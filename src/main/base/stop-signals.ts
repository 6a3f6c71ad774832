/**
 * The signals by which a process is asked to stop: Ctrl-C (SIGINT), the system or a supervisor (SIGTERM), and a terminal that was
 * closed (SIGHUP; on Windows its window, ten seconds before the system ends the process).
 */
import process from "node:process";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * Calls back at the first of these signals. SIGINT or SIGTERM once more ends the process at once, as without this. SIGHUP does not:
 * a closing terminal sends it several times over, from the system, the shell and the programs between.
 * @returns stops listening
 */
export function onStopSignals(stop: (signal: StopSignal) => void): () => void {
  let asked = false;
  const listeners = STOP_SIGNALS.map((signal) => {
    const listener = (): void => {
      if (signal !== "SIGHUP") process.off(signal, listener);
      if (asked) return;
      asked = true;
      stop(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
