/**
 * Child processes of the set-up: their output is captured or sent to stderr, and they end with the set-up.
 */
import { spawn } from "node:child_process";
import { forgetChild, noteChild, releaseAll } from "./lock.mjs";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** Clean-up functions for when a signal ends the set-up. @type {Set<() => void>} */
export const onSignal = new Set();

/** Characters of the output that are kept for an error message. */
const keptCharacters = 200_000;

/**
 * @typedef {object} Ended
 * @property {boolean} ok ended with status 0
 * @property {string} how `status 1`, `signal SIGILL`, …
 * @property {string} output the end of stdout and stderr together
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.show] the output goes to stderr instead of being captured
 * @param {boolean} [options.inPlace] it writes into the project: the lock names it
 * @param {boolean} [options.shell]
 * @param {(text: string) => void} [options.onOutput]
 * @param {() => string | undefined} [options.giveUp] called every second; a returned reason ends the child
 * @returns {Promise<Ended>}
 */
export function runChild(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.show ? ["ignore", 2, 2] : ["ignore", "pipe", "pipe"],
      shell: options.shell ?? false,
      // A separate process group: ending it ends its children (make, compilers) too.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    running.add(child);
    if (options.inPlace && child.pid !== undefined) noteChild(child.pid);
    let output = "";
    let reason = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output = (output + text).slice(-keptCharacters);
        options.onOutput?.(text);
      });
    }
    const watch = setInterval(() => {
      const why = options.giveUp?.();
      if (why === undefined) return;
      reason = why;
      end(child, "SIGKILL");
    }, 1_000);
    const finish = (/** @type {string} */ how) => {
      clearInterval(watch);
      running.delete(child);
      if (options.inPlace && child.pid !== undefined) forgetChild(child.pid);
      resolve({ ok: how === "status 0", how: reason || how, output });
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (status, signal) => finish(signal === null ? `status ${status}` : `signal ${signal}`));
  });
}

/**
 * Returns the last lines of an output for an error message, without empty lines and warnings.
 *
 * @param {string} output
 * @param {number} [count]
 */
export function lastLines(output, count = 3) {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^\s*warn(ing)?\b/i.test(line));
  return lines
    .slice(-count)
    .map((line) => (line.length > 200 ? `${line.slice(0, 200)}…` : line))
    .join("\n  ");
}

/** While the set-up works, a signal ends its children, releases its locks and ends the process. */
export function endChildrenOnSignal() {
  const handlers = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]).map((signal) => {
    const handler = () => {
      for (const child of running) end(child, "SIGTERM");
      for (const tidy of onSignal) tidy();
      releaseAll();
      restore();
      process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  const restore = () => handlers.forEach(({ signal, handler }) => process.off(signal, handler));
  return restore;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function end(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch {
    // It has already ended.
  }
}
