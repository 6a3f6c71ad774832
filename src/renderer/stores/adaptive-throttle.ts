/**
 * Limits how often a fast-changing view is updated: however fast events arrive, the page spends most of its time on the
 * user.
 */

/** Ten updates a second look immediate. */
const MIN_INTERVAL_MS = 100;
/** Pause after each update, as a multiple of the time that the update took. */
const PAUSE_FACTOR = 4;
/** A hidden page draws no frame, so that the wait for a frame ends after this time. */
const MAX_FRAME_WAIT_MS = 1000;

/**
 * @param update brings the view up to date with everything so far
 * @returns the function to call at each change; the last change is always shown
 */
export function adaptiveThrottle(update: () => void): () => void {
  let scheduled = false;
  let next = 0;
  const run = async (): Promise<void> => {
    const began = performance.now();
    scheduled = false;
    // Changes before the frame is drawn wait for the next update.
    next = Infinity;
    update();
    await drawn();
    const ended = performance.now();
    next = Math.max(began + MIN_INTERVAL_MS, ended + PAUSE_FACTOR * (ended - began));
    if (scheduled) setTimeout(() => void run(), next - ended);
  };
  return () => {
    if (scheduled) return;
    scheduled = true;
    if (next !== Infinity) setTimeout(() => void run(), Math.max(0, next - performance.now()));
  };
}

function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MAX_FRAME_WAIT_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}
