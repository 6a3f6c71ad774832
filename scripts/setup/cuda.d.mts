/** Types of cuda.mjs, for the start. */
export declare const cuda: { ready(project: string): Record<string, string> | undefined };
