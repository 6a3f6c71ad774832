/** Exit statuses beside 0 and the catalogue's (src/contract/errors.ts). */

/** Stopped by Ctrl-C, as shells have it: a script must not take half a result for the whole. */
export const INTERRUPTED = 130;
/** A fault of Ectopy's own (`EX_SOFTWARE` in BSD's sysexits.h). */
export const BUG = 70;
