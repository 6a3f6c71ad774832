/** Types of electron.mjs, for the scripts in TypeScript. */
export declare function electronFolder(project: string): string;
export declare function electronBinary(project: string): string | undefined;
export declare function provideElectron(project: string): Promise<void>;
