/** Types of download.mjs, for its test. */
import type { Fetch } from "../../src/main/base/network/network.ts";

export declare function download(
  fetch: Fetch,
  source: { url: string; size: number; sha256: string },
  path: string,
  onBytes: (bytes: number) => void,
  pauseMs?: number,
): Promise<void>;
