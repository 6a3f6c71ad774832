import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { StopSignal } from "./stop-signals.ts";

/**
 * Runs a process that sends these signals to itself before its event loop turns, and prints `stop NAME` for each call and
 * `alive` 20 turns later. A signal to oneself is delivered before the call returns, so that the system merges no two of them.
 */
function sendAtOnce(signals: readonly StopSignal[], repeated?: readonly StopSignal[]) {
  const program = `
    import { setImmediate } from "node:timers/promises";
    import { onStopSignals } from ${JSON.stringify(new URL("stop-signals.ts", import.meta.url).href)};
    const remove = onStopSignals((signal) => console.log("stop", signal), ${JSON.stringify(repeated)});
    for (const signal of ${JSON.stringify(signals)}) process.kill(process.pid, signal);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    remove();
    console.log("alive", process.listenerCount("SIGINT"));`;
  const { stdout, stderr, signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return { stdout, signal };
}

describe.skipIf(process.platform === "win32")("signals in the same moment", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("calls back for one %s, and removes the listeners", (signal) => {
    expect(sendAtOnce([signal])).toEqual({ stdout: `stop ${signal}\nalive 0\n`, signal: null });
  });

  it.each([
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGTERM"],
    ["SIGINT", "SIGTERM"],
    ["SIGTERM", "SIGINT"],
    ["SIGHUP", "SIGINT"],
  ] as const)("%s and %s end the process", (first, second) => {
    expect(sendAtOnce([first, second])).toEqual({ stdout: `stop ${first}\n`, signal: second });
  });

  it.each([
    [["SIGHUP", "SIGHUP", "SIGHUP"], undefined],
    [
      ["SIGINT", "SIGTERM", "SIGTERM"],
      ["SIGHUP", "SIGTERM"],
    ],
  ] as const)("%j with those that may come again, %j, call back once", (signals, repeated) => {
    expect(sendAtOnce(signals, repeated)).toEqual({ stdout: `stop ${signals[0]}\nalive 0\n`, signal: null });
  });
});
