/** A network as a user names it: a preset, a file that holds one, or one that was saved in the workspace. */
import { readFileSync } from "node:fs";
import { EctopyError } from "../../contract/errors.ts";
import { parseNetwork } from "../../contract/network-files.ts";
import { isPreset } from "../../contract/network-presets.ts";
import type { NetworkSpec } from "../../contract/networks.ts";
import { callerPath } from "../base/user-path.ts";
import { systemError } from "../../contract/system-errors.ts";
import { networkNames, type NetworkChoice } from "../../contract/training.ts";

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
    "`ectopy model --help` shows what such a file holds.",
  );
}

/** Any text may be meant as a saved model's name: one that can't be a path names no file. */
function readIfThere(text: string): string | undefined {
  try {
    return readFileSync(callerPath(text), "utf8");
  } catch (cause) {
    if (cause instanceof EctopyError && cause.code === "usage") return undefined;
    const error = systemError(cause, text);
    if (error instanceof EctopyError && error.code === "not-found") return undefined;
    throw error;
  }
}
