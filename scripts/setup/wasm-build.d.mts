/** The module in the project, relative to it. */
export const wasmFile: string;

/** Builds the module into a file, and downloads Zig if it is not in the cache. */
export function buildWasm(project: string, file: string): Promise<void>;
