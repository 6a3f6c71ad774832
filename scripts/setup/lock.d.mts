/** Types of lock.mjs, for its test. */
export declare function noteChild(pid: number): void;
export declare function forgetChild(pid: number): void;
export declare function releaseAll(): void;
export declare function withLock<T>(path: string, onWait: (holder: number) => void, work: () => Promise<T>): Promise<T>;
export declare function holderOf(path: string): number | undefined;
