export interface Target {
  name: string;
  width: number;
  flags: string[];
}
export const lowered: { targets: Target[]; defines: string[] };
export function describeSources(source: string): string;
export function buildKernels(build: {
  compiler: string;
  source: string;
  library: string;
  addon: string;
  targets?: Target[];
  defines?: string[];
}): Promise<void>;
