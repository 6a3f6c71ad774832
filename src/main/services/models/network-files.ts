/** A network as a user names it: a preset, a file that holds one, or one that was saved in the workspace. */
import { readFileSync, statSync } from "node:fs";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { parseNetwork } from "../../../contract/domain/network-files.ts";
import { isPreset } from "../../../contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { callerPath } from "../../base/user-path.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { networkNames, type NetworkChoice } from "../../../contract/domain/training.ts";

/** 64 layers take a tenth of it. */
const MAX_NETWORK_BYTES = 1_000_000;

/**
 * @param text a preset's name, else the path of a file, else a saved model's name
 * @param saved finds a saved model
 * @throws EctopyError `usage`: none of these; `damaged-file`, `no-access`: it can't be read; `invalid-settings` naming the layer
 */
export function findNetwork(text: string, saved: (name: string) => NetworkSpec | undefined): NetworkChoice {
  if (isPreset(text)) return text;
  const file = readIfThere(text);
  if (file !== undefined) return parseNetwork(file, text);
  const found = saved(text);
  if (found) return found;
  throw new EctopyError(
    "usage",
    `There is no network “${text}”: it is none of ${networkNames.join(", ")}, no file, and no model that was saved.`,
    "`ectopy model --help` describes the format.",
  );
}

/** Any text may be meant as a saved model's name: one that can't be a path names no file. */
function readIfThere(text: string): string | undefined {
  try {
    const path = callerPath(text);
    const stats = statSync(path);
    // A pipe or a device could be read for ever.
    if (stats.isFile() && stats.size <= MAX_NETWORK_BYTES) return readFileSync(path, "utf8");
    throw new EctopyError(
      "damaged-file",
      stats.isFile()
        ? `${text} is not a network file: it has ${stats.size} bytes; ${MAX_NETWORK_BYTES} is the limit.`
        : `${text} is not a network file: it is not a regular file.`,
      "`ectopy model --help` describes the format.",
    );
  } catch (cause) {
    if (cause instanceof EctopyError && cause.code === "usage") return undefined;
    const error = systemError(cause, text);
    if (error instanceof EctopyError && error.code === "not-found") return undefined;
    throw error;
  }
}
