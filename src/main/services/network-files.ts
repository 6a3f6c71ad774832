/** A network as a user names it: a preset, or a file that holds one. */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import { EctopyError } from "../../contract/errors.ts";
import { networkSchema, type NetworkSpec } from "../../contract/networks.ts";
import { systemError } from "../../contract/system-errors.ts";
import { networkNames, type NetworkChoice, type NetworkName } from "../../contract/training.ts";

const HELP = "`ectopy model --help` shows what such a file holds.";

/**
 * @param text a preset's name, else the path of a file
 * @throws EctopyError `usage`: neither; `damaged-file`, `no-access`: it can't be read; `invalid-settings` naming the layer
 */
export function findNetwork(text: string): NetworkChoice {
  return isPreset(text) ? text : readNetworkFile(text);
}

function isPreset(text: string): text is NetworkName {
  return (networkNames as readonly string[]).includes(text);
}

function readNetworkFile(path: string): NetworkSpec {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new EctopyError("damaged-file", `${path} holds no network: ${cause.message}.`, HELP, { cause });
    }
    const error = systemError(cause, path);
    if (!(error instanceof EctopyError) || error.code !== "not-found") throw error;
    throw new EctopyError(
      "usage",
      `There is no network “${path}”: it is none of ${networkNames.join(", ")}, and no file.`,
      HELP,
      { cause },
    );
  }
  const { data, error } = networkSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  const words = valueAt(value, issue.path) === undefined ? "missing" : issue.message;
  throw new EctopyError("invalid-settings", `${path}: ${placeOf(issue, value)}${words}.`, HELP);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** `layer 2 (“conv”), units: `, as far as it is known. */
function placeOf({ path }: z.core.$ZodIssue, value: unknown): string {
  if (path[0] !== "layers" || typeof path[1] !== "number") return path.length === 0 ? "" : `${path.join(".")}: `;
  const layer = (value as { layers: unknown[] }).layers[path[1]];
  const id = typeof layer === "object" && layer !== null && "id" in layer ? ` (“${String(layer.id)}”)` : "";
  const setting = path.slice(2).join(".");
  return `layer ${path[1] + 1}${id}${setting === "" ? "" : `, ${setting}`}: `;
}
