/** Exit statuses beside 0 and the catalogue's (src/contract/domain/errors.ts). */

/** Stopped by Ctrl-C, as shells have it: a script must not take half a result for the whole. */
export const INTERRUPTED = 130;
