/** Types of cuda-library.mjs, for its test. */
import type { Fetch } from "../../src/main/base/network/network.ts";

export interface IndexedWheel {
  file: string;
  url: string;
  size: number;
  sha256: string;
}
export declare const cudaPackages: [name: string, version: string, tag: string][];
export declare function cudaLibrary(project: string): string | undefined;
export declare function listCudaWheels(fetch: Fetch): Promise<IndexedWheel[]>;
export declare function fetchCuda(project: string, wheels: IndexedWheel[], fetch: Fetch): Promise<void>;
export declare function removeCuda(project: string): boolean;
export declare function placeOf(name: string): string | undefined;
