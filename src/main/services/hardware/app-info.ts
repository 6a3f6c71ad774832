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
    packages: await packageLicences(),
  };
}

/** Returns all packages that Ectopy needs, and of the optional ones those that are installed, in alphabetical order. */
async function packageLicences(): Promise<PackageLicence[]> {
  const { dependencies, optionalDependencies } = packageJson;
  const needed = await Promise.all(Object.keys(dependencies).map(licenceOf));
  const optional = await Promise.all(Object.keys(optionalDependencies).map(licenceOf));
  return [...needed, ...optional.filter(({ version: installed }) => installed !== "")].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
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
