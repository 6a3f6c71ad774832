/** Packages that go into an installer: those that main loads, with all their dependencies, as installed here. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

/** Packages that are built into the page: nothing is loaded from their folders. */
export const pagePackages = ["@vueuse/core", "naive-ui", "pinia", "vue", "vue-echarts", "vue-router"];

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/**
 * The optional packages of package.json are not packed: Node, for the set-up (Electron includes another), and TensorFlow.
 *
 * @returns paths below the project's node_modules, such as `zod`; a package's nested node_modules are included
 */
export function runTimePackages(project: string): string[] {
  const modules = join(project, "node_modules");
  const found = new Set<string>();
  const visit = (names: readonly string[], from: string): void => {
    for (const name of names) {
      const folder = installedFolder(name, from, modules);
      if (folder === undefined || found.has(folder)) continue;
      found.add(folder);
      visit(neededBy(folder), folder);
    }
  };
  const roots = Object.keys(packageJson.dependencies).filter((name) => !pagePackages.includes(name));
  visit(roots, project);
  return [...found]
    .map((folder) => relative(modules, folder).replaceAll("\\", "/"))
    .filter((path) => !path.includes("/node_modules/"))
    .sort();
}

/** Peers that may be missing belong to other uses of a package. */
function neededBy(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

/** Finds a package as Node does, up to the project. @returns undefined for one that this system lacks */
function installedFolder(name: string, from: string, modules: string): string | undefined {
  for (let folder = from; folder.startsWith(dirname(modules)); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
  }
  return undefined;
}
