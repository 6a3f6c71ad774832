/** Types of cuda.mjs, for the start and its test. */
export declare const cuda: { ready(project: string): Record<string, string> | undefined };
export declare function cudaOffer(project: string): string;
