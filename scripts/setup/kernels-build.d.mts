export interface Target {
  name: string;
  width: number;
  flags: string[];
}
export interface System {
  arch: string;
  compile: string[];
  link: string[];
}
export const ADDON: string;
export const lowered: { targets: Target[]; defines: string[] };
export function describeSources(source: string): string;
export function buildKernels(build: {
  compiler: string[];
  env?: NodeJS.ProcessEnv;
  source: string;
  folder: string;
  system?: System;
  targets?: Target[];
  defines?: string[];
}): Promise<void>;
