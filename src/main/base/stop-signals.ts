/**
 * Signals that request a process to stop: Ctrl-C (SIGINT), the system or a supervisor (SIGTERM), and a closed terminal
 * (SIGHUP; on Windows a closed window, 10 s before the system ends the process).
 */
import process from "node:process";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * Calls back at the first of these signals. A second SIGINT or SIGTERM, also after the other one, ends the process
 * as without this listener. A second SIGHUP does not: a closing terminal sends it several times, from the system, the shell and other
 * programs.
 *
 * The listeners stay until the second signal: Node drops a delivered signal whose listener is removed before its turn.
 * @param repeated signals that may come again without ending the process
 * @returns a function that removes the listeners
 */
export function onStopSignals(
  stop: (signal: StopSignal) => void,
  repeated: readonly StopSignal[] = ["SIGHUP"],
): () => void {
  let requested = false;
  const listeners = STOP_SIGNALS.map((signal) => {
    const listener = (): void => {
      if (!requested) {
        requested = true;
        stop(signal);
      } else if (!repeated.includes(signal)) {
        removeListeners();
        process.kill(process.pid, signal);
      }
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  const removeListeners = (): void => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
  return removeListeners;
}
