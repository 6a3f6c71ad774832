/** Environment variables that must be set before the server's process starts: it can't set them itself. */

/**
 * Bounds glibc to two memory arenas. Without the bound, each worker thread frees its memory into an arena that glibc
 * keeps: after 22 rounds of bench/reliability/soak.ts, 650 to 727 MB were resident without it and 462 to 484 MB with
 * it. Other systems' allocators don't read this. A training process starts without it
 * (src/main/workers/processes/node-process.ts).
 *
 * @type {Record<string, string>}
 */
export const serverEnvironment = process.platform === "linux" ? { MALLOC_ARENA_MAX: "2" } : {};
