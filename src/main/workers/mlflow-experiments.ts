/** MLflow experiments in a folder (mlflow/store/tracking/file_store.py), found by the name in their `meta.yaml`. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const META_FILE = "meta.yaml";
/** Limit of a `meta.yaml`: MLflow writes less than 2 kB, a name of 500 characters and a few paths. */
const MAX_META_BYTES = 64_000;
/** Limit of YAML aliases: MLflow uses none, and nested aliases grow exponentially. */
const MAX_ALIASES = 10;

/**
 * Returns the folder name of the experiment with a name, below a folder; null if there is none. Files that MLflow could
 * not have written are skipped.
 * @param alive called before each file
 */
export function findMlflowExperiment(root: string, name: string, alive: () => void): string | null {
  if (!existsSync(root)) return null;
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    alive();
    if (nameIn(join(root, entry.name, META_FILE)) === name) return entry.name;
  }
  return null;
}

/** Returns the name in a `meta.yaml`; undefined if MLflow did not write the file. */
function nameIn(file: string): unknown {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size > MAX_META_BYTES) return undefined;
  const text = readFileSync(file, "utf8");
  try {
    const read = readYaml(text);
    return typeof read === "object" && read !== null && "name" in read ? read.name : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Parses YAML 1.1, the version that Python writes. The parser takes exponential time for some texts of a few kB: call
 * it only for Ectopy's texts, or in a worker thread.
 * @throws Error if the text is no YAML
 */
export function readYaml(text: string): unknown {
  return parse(text, { version: "1.1", maxAliasCount: MAX_ALIASES });
}
