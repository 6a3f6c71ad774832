/** Types of cache.mjs, for tests. */
export declare function cacheFolder(project: string): string;
export declare function makeEntry(entry: string, fill: (aside: string) => Promise<void>): Promise<void>;
export declare function bytesIn(path: string): number;
