export function readStamp(project: string, name: string): Record<string, string>;
