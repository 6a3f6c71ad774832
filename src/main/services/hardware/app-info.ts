/** Versions of Ectopy and its runtime, and the licences of the packages that Ectopy is built on. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../../../package.json" with { type: "json" };
import { version } from "../../version.ts";
import type { AppInfo, PackageLicence } from "../../../contract/domain/machine.ts";

// Not named `require`: electron-vite puts one of that name into what it builds.
const packages = createRequire(import.meta.url);

export async function appInfo(): Promise<AppInfo> {
  return {
    version,
    node: process.versions.node,
    electron: process.versions["electron"] ?? "",
    licence: packageJson.license,
    packages: await Promise.all(Object.keys(packageJson.dependencies).map(licenceOf)),
  };
}

const packageSchema = z.object({ version: z.string(), license: z.string().prefault("unknown") });

/**
 * Returns a package's licence. Not every package lets its package.json be resolved: the folders of packages are
 * searched.
 */
async function licenceOf(name: string): Promise<PackageLicence> {
  for (const folder of packages.resolve.paths(name) ?? []) {
    try {
      const text = await readFile(join(folder, name, "package.json"), "utf8");
      const { version, license } = packageSchema.parse(JSON.parse(text));
      return { name, version, licence: license };
    } catch {
      continue; // not in this folder
    }
  }
  return { name, version: "", licence: "unknown" };
}
