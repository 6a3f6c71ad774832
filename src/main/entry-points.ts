/** Paths of files that are started as a thread or a process, not imported: in the sources and in the build. */

import { fileURLToPath } from "node:url";

const sources = {
  "beat-worker": "./workers/beat-worker.ts",
  "preparation-thread": "./workers/preparation-thread.ts",
  "preview-thread": "./workers/preview-thread.ts",
  "viewing-worker": "./workers/viewing-worker.ts",
  "comparison-worker": "./workers/comparison-worker.ts",
  "explanation-worker": "./workers/explanation-worker.ts",
  "named-paths-process": "./workers/named-paths-process.ts",
  "export-process": "./api/exports/export-process.ts",
  "untrusted-files-worker": "./workers/untrusted-files-worker.ts",
  "database-worker": "./workers/database-worker.ts",
  "training-process": "../engine/processes/training-process.ts",
  "bench-process": "../engine/processes/bench-process.ts",
  "classification-process": "../engine/processes/classification-process.ts",
  "device-process": "../engine/processes/device-process.ts",
} as const;

export type EntryPoint = keyof typeof sources;

/**
 * Returns the file of an entry; the build puts every entry beside this file, under its name (electron.vite.config.ts).
 */
export function entryPoint(name: EntryPoint): URL {
  const built = import.meta.url.endsWith(".js");
  return new URL(built ? `./${name}.js` : sources[name], import.meta.url);
}

/** Returns the folder of the built renderer, for the server and the app's window. */
export function rendererFolder(): string {
  const built = import.meta.url.endsWith(".js");
  return fileURLToPath(new URL(built ? "../renderer" : "../../out/renderer", import.meta.url));
}
