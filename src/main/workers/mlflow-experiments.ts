/** Experiments that MLflow keeps as folders (mlflow/store/tracking/file_store.py), found by the name in their `meta.yaml`. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const META_FILE = "meta.yaml";
/** MLflow writes less than 2 kB: a name of 500 characters and a few places. */
const MAX_META_BYTES = 64_000;
/** MLflow uses none; each may stand for all that the aliases before it stand for. */
const MAX_ALIASES = 10;

/**
 * The folder of an experiment below another, by the experiment's name; null where there is none. Files that MLflow could not have
 * written are passed over.
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

/** Undefined where it is none that MLflow wrote. */
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
 * YAML 1.1, as Python writes it. The parser takes exponential time for some texts of a few kB: only for texts of ours, or in a
 * worker thread.
 * @throws Error where it is no YAML
 */
export function readYaml(text: string): unknown {
  return parse(text, { version: "1.1", maxAliasCount: MAX_ALIASES });
}
