export function windowsFiles(project: string): { entry: string; node: string; modules: string; addon: string };
export const windows: { ready(project: string): Record<string, string> | undefined };
