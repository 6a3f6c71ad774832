/** Shows what changes often as often as the page can take it: however fast the news come, most of its time is left to the user. */

/** In ms: ten times a second is as good as at once. */
const EVERY = 100;
/** After each showing, so many times as long as it took. */
const REST = 4;
/** In ms; a page that is hidden draws no frame. */
const LONGEST_FRAME = 1000;

/**
 * @param show brings the page up to date with everything so far
 * @returns to be called at each change; the last one is always shown
 */
export function calmly(show: () => void): () => void {
  let scheduled = false;
  let next = 0;
  const run = async (): Promise<void> => {
    const began = performance.now();
    scheduled = false;
    // Until it has been drawn: what comes meanwhile waits for the next time.
    next = Infinity;
    show();
    await drawn();
    const ended = performance.now();
    next = Math.max(began + EVERY, ended + REST * (ended - began));
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
    const timer = setTimeout(resolve, LONGEST_FRAME);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}
