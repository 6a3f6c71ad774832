export interface Target {
  name: string;
  width: number;
  flags: string[];
}
export const addonNames: { engine: string; tensorflow: string };
export const lowered: { targets: Target[]; defines: string[] };
export function describeSources(source: string): string;
export function buildKernels(build: {
  compiler: string;
  source: string;
  folder: string;
  library: string | undefined;
  targets?: Target[];
  defines?: string[];
}): Promise<void>;
