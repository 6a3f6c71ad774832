/**
 * Messages of the set-up. They go to stderr: stdout belongs to the command.
 */

/** A set-up step could not be done: `message` says what happened and where, `fix` what to do. One sentence each. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} fix
   */
  constructor(message, fix) {
    super(message);
    this.name = "SetupError";
    this.fix = fix;
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`[set-up] ${text}\n`);
}

/** Without a terminal, a line is written at each quarter, and after this time. */
const quietMilliseconds = 20_000;

/**
 * Shows progress: one line that is rewritten in a terminal, few lines elsewhere.
 *
 * @param {string} what such as `TensorFlow: downloading`
 * @param {{ write(text: string): unknown, isTTY?: boolean }} [out]
 * @param {() => number} [clock] milliseconds
 */
export function progressLine(what, out = process.stderr, clock = Date.now) {
  let quarter = 0;
  let reached = 0;
  let last = clock();
  let shown = false;
  return {
    /**
     * @param {number} done
     * @param {number} total
     * @param {string} unit
     */
    update(done, total, unit) {
      // Temporary files are removed during the work; the shown value never decreases.
      reached = Math.max(reached, Math.min(done, total));
      const text = `[set-up] ${what}: ${reached} of ${total} ${unit} (${Math.floor((100 * reached) / total)} %)`;
      if (out.isTTY) {
        out.write(`\r${text}\x1b[K`);
        shown = true;
        return;
      }
      const nowQuarter = Math.floor((4 * reached) / total);
      if (nowQuarter === quarter && clock() - last < quietMilliseconds) return;
      quarter = nowQuarter;
      last = clock();
      out.write(`${text}\n`);
    },
    end() {
      if (shown) out.write("\r\x1b[K");
      shown = false;
    },
  };
}

/**
 * Calls `look` twice a second while `work` runs.
 *
 * @template T
 * @param {() => void} look
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileWatching(look, work) {
  const timer = setInterval(look, 500);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
