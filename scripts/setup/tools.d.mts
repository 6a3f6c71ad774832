/** Types of tools.mjs, for the scripts in TypeScript. */
export declare function programOf(project: string, packageName: string, program: string): string;
