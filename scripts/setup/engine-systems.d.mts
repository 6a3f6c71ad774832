export const systemNames: string[];
export function engineFileName(system: string): string;
export function engineEntry(project: string, system: string): string;
export function provideEngine(project: string, system: string): Promise<string>;
export function placeEngine(file: string, modules: string, system: string): string;
