/**
 * Finds the addons of native/ among the packages. The set-up builds them for this machine; those built for another
 * system (scripts/build-engine.ts) name it.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Not named `require`, which the bundler declares. */
const packages = createRequire(import.meta.url);

/** Returns the path of an addon; null where it has not been built. */
export function findAddon(file: string): string | null {
  const folders = packages.resolve.paths("ectopy") ?? [];
  const files = [file, file.replace(/\.node$/, `-${process.platform}-${process.arch}.node`)];
  const paths = folders.flatMap((folder) => files.map((file) => join(folder, ".ectopy", file)));
  return paths.find((path) => existsSync(path)) ?? null;
}
