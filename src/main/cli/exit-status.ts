/** Exit statuses other than 0 and those of the errors (src/contract/domain/errors.ts). */

/**
 * Status after Ctrl-C, 128 + SIGINT as in shells: a script must not mistake an incomplete result for a complete one.
 */
export const INTERRUPTED = 130;
