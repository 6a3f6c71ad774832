/**
 * Builds the kernels with AVX-512's code on vectors of AVX2, once for each version of native/: the build takes most of
 * a minute.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeEntry } from "../../scripts/setup/cache.mjs";
import { ADDON, buildKernels, describeSources, lowered } from "../../scripts/setup/kernels-build.mjs";
import { withLock } from "../../scripts/setup/lock.mjs";

const project = join(import.meta.dirname, "../..");
const COMPILER = "c++";

/** Returns the path of the addon, in the user's cache folder. */
export async function loweredKernels(): Promise<string> {
  const source = join(project, "native");
  const hash = createHash("sha256");
  const compiler = execFileSync(COMPILER, ["--version"], { encoding: "utf8" });
  for (const text of [describeSources(source), JSON.stringify(lowered), compiler]) hash.update(text);
  const folder = join(cacheFolder(project), "lowered-kernels");
  const entry = join(folder, `${hash.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`);
  const addon = join(entry, ADDON);
  await withLock(
    `${folder}.lock`,
    () => {},
    async () => {
      if (existsSync(addon)) return;
      await makeEntry(entry, (folder) => buildKernels({ compiler: [COMPILER], source, folder, ...lowered }));
    },
  );
  return addon;
}
