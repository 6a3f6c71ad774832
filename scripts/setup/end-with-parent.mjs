/**
 * Ends this process after npm was ended by a signal. npm passes the signal to its shell alone, which ends without
 * passing it on: this process would continue without a parent, and the app that it started too.
 */

const INTERVAL_MS = 500;

/**
 * Sends SIGTERM to this process as soon as its parent has ended; the handlers of SIGTERM then do the rest. Windows
 * keeps no parent.
 */
export function endWithParent() {
  if (process.platform === "win32") return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, INTERVAL_MS);
  watch.unref();
}
