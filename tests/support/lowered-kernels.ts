/**
 * Builds the kernels with AVX-512's code on vectors of AVX2, once for each version of native/: the build takes most of
 * a minute.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheFolder, makeEntry } from "../../scripts/setup/cache.mjs";
import { addonNames, buildKernels, describeSources, lowered } from "../../scripts/setup/kernels-build.mjs";
import { withLock } from "../../scripts/setup/lock.mjs";

const project = join(import.meta.dirname, "../..");
const COMPILER = "c++";

/** Returns the paths of the addons, in the user's cache folder. */
export async function loweredKernels(): Promise<{ engine: string; tensorflow: string }> {
  const source = join(project, "native");
  const library = realpathSync(join(project, "node_modules", "@tensorflow", "tfjs-node-gpu", "deps", "lib"));
  const hash = createHash("sha256");
  // The name of TensorFlow's cache entry holds its version.
  const compiler = execFileSync(COMPILER, ["--version"], { encoding: "utf8" });
  for (const part of [
    describeSources(source),
    JSON.stringify(lowered),
    basename(dirname(dirname(library))),
    compiler,
  ]) {
    hash.update(part);
  }
  const folder = join(cacheFolder(project), "lowered-kernels");
  const entry = join(folder, `${hash.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`);
  const addons = { engine: join(entry, addonNames.engine), tensorflow: join(entry, addonNames.tensorflow) };
  await withLock(
    `${folder}.lock`,
    () => {},
    async () => {
      if (existsSync(addons.tensorflow)) return;
      await makeEntry(entry, (folder) => buildKernels({ compiler: [COMPILER], source, library, folder, ...lowered }));
    },
  );
  return addons;
}
