/** Finds a network by what a user names: a preset, a file, or a network saved in the workspace. */
import { readFileSync, statSync } from "node:fs";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { parseNetwork } from "../../../contract/domain/network-files.ts";
import { isPreset } from "../../../contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { callerPath } from "../../base/user-path.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { presetNames, type NetworkChoice } from "../../../contract/domain/training.ts";

/** A network of 64 layers takes a tenth of it. */
const MAX_NETWORK_BYTES = 1_000_000;

/**
 * @param text name of a preset, else path of a file, else name of a saved network
 * @param saved finds a saved network
 * @throws EctopyError `usage`: none of these; `damaged-file`, `no-access`: it can't be read; `invalid-settings` naming
 * the layer
 */
export function findNetwork(text: string, saved: (name: string) => NetworkSpec | undefined): NetworkChoice {
  if (isPreset(text)) return text;
  const file = readIfThere(text);
  if (file !== undefined) return parseNetwork(file, text);
  const found = saved(text);
  if (found) return found;
  throw new EctopyError(
    "usage",
    `There is no network “${text}”: it is no preset (${presetNames.join(", ")}), no file and no saved network.`,
    "`ectopy network --help` describes the format.",
  );
}

/** Any text may be the name of a saved network; text that can't be a path names no file. */
function readIfThere(text: string): string | undefined {
  try {
    const path = callerPath(text);
    const stats = statSync(path);
    // A pipe or a device may never end.
    if (stats.isFile() && stats.size <= MAX_NETWORK_BYTES) return readFileSync(path, "utf8");
    throw new EctopyError(
      "damaged-file",
      stats.isFile()
        ? `${text} is not a network file: it has ${stats.size} bytes; ${MAX_NETWORK_BYTES} is the limit.`
        : `${text} is not a network file: it is not a regular file.`,
      "`ectopy network --help` describes the format.",
    );
  } catch (cause) {
    if (cause instanceof EctopyError && cause.code === "usage") return undefined;
    const error = systemError(cause, text);
    if (error instanceof EctopyError && error.code === "not-found") return undefined;
    throw error;
  }
}
