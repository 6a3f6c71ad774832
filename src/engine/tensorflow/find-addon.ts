/** Finds the addons of native/, which the set-up puts among the packages. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Not named `require`, which the bundler declares. */
const packages = createRequire(import.meta.url);

/** Returns the path of an addon; null where it has not been built. */
export function findAddon(file: string): string | null {
  const folders = packages.resolve.paths("ectopy") ?? [];
  return folders.map((folder) => join(folder, ".ectopy", file)).find((path) => existsSync(path)) ?? null;
}
