/** Types of kernels-build.mjs, for the tests in TypeScript. */
interface Target {
  name: string;
  width: number;
  flags: string[];
}
export declare const lowered: { targets: Target[]; defines: string[] };
export declare function buildKernels(build: {
  compiler: string;
  source: string;
  library: string;
  addon: string;
  targets?: Target[];
  defines?: string[];
}): Promise<void>;
