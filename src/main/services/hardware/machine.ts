/** What Ectopy says about itself and its machine, and what it measures of it. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat, statfs } from "node:fs/promises";
import { createRequire } from "node:module";
import { freemem, homedir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import packageJson from "../../../../package.json" with { type: "json" };
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import type {
  AppInfo,
  FolderEntry,
  FolderListing,
  MachineInfo,
  PackageLicence,
  WorkspaceInfo,
} from "../../../contract/domain/machine.ts";
import type { MeasuredSpeed } from "../../../contract/settings/app-settings.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import type { NetworkName } from "../../../contract/domain/training.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import { isZip } from "../../workers/unpack-zip.ts";
import { bytesIn } from "../workspace/folder-size.ts";
import { chooseGpu } from "./gpu.ts";
import { measureReference } from "./measure-steps.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";

// Not named `require`: electron-vite puts one of that name into what it builds.
const packages = createRequire(import.meta.url);

export function machineInfo(): MachineInfo {
  const processor = findProcessor();
  return {
    processor: processor.description,
    cores: processor.cores,
    memory: processor.memory,
    freeMemory: freemem(),
    platform: process.platform,
    nativeTensorFlow: hasNativeTensorFlow(),
  };
}

export async function appInfo(): Promise<AppInfo> {
  return {
    version: packageJson.version,
    node: process.versions.node,
    electron: process.versions["electron"] ?? "",
    licence: packageJson.license,
    packages: await Promise.all(Object.keys(packageJson.dependencies).map(licenceOf)),
  };
}

export async function workspaceInfo(folder: string): Promise<WorkspaceInfo> {
  const { bavail, bsize } = await statfs(folder);
  return { folder, bytes: await bytesIn(folder), free: bavail * bsize };
}

/** @param given without it, the user's own folder. @throws EctopyError `not-found`, `no-access` */
export async function listFolder(given: string = homedir()): Promise<FolderListing> {
  const folder = resolve(given);
  try {
    const found = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
    const entries = await Promise.all(
      found.map(async (entry) => {
        const path = join(folder, entry.name);
        // A link may lead nowhere.
        const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
        const kind = target?.isDirectory() ? "folder" : target?.isFile() ? kindOfFile(path) : undefined;
        return kind && { name: entry.name, path, kind };
      }),
    );
    return {
      folder,
      parent: dirname(folder) === folder ? null : dirname(folder),
      entries: entries
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
      recordings: found.filter(({ name }) => extname(name) === ".hea").length,
    };
  } catch (error) {
    throw systemError(error, `folder ${folder}`);
  }
}

function kindOfFile(path: string): FolderEntry["kind"] | undefined {
  if (isZip(path)) return "zip";
  return [".h5", ".hdf5"].includes(extname(path).toLowerCase()) ? "model" : undefined;
}

/** Times the training step of a network, in a process of its own. @throws CancelledError; EctopyError `engine-unavailable` */
export async function measureSpeed(
  network: NetworkName,
  startProcess: StartProcess,
  signal: AbortSignal,
): Promise<MeasuredSpeed> {
  try {
    const device = await chooseGpu(startProcess);
    const measured = await measureReference(network, startProcess, { precision: "float32", device, signal });
    const { batch, milliseconds } = measured;
    const measuredAt = new Date().toISOString();
    const beatsPerSecond = Math.round((1000 * batch) / milliseconds);
    return { network, batch, millisecondsPerStep: milliseconds, beatsPerSecond, measuredAt };
  } catch (cause) {
    if (signal.aborted) throw new CancelledError();
    throw new EctopyError(
      "engine-unavailable",
      "The speed of this machine could not be measured: the measurement ended without a figure.",
      "Run `npm run setup` with a network connection, then measure again.",
      { cause },
    );
  }
}

/** The addon that tfjs-node loads lies beside it, under the N-API version that it was built for. */
function hasNativeTensorFlow(): boolean {
  const folder = dirname(packages.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  return ["napi-v8", "napi-v7", "napi-v6", "napi-v5"].some((api) =>
    existsSync(join(folder, "lib", api, "tfjs_binding.node")),
  );
}

const packageSchema = z.object({ version: z.string(), license: z.string().prefault("unknown") });

/** Not every package lets its package.json be resolved: it is looked for where packages lie. */
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
