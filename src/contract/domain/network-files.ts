/** Reads and writes networks as JSON files. Errors name the layer. */
import type { z } from "zod";
import { checkValue } from "./check-value.ts";
import { EctopyError } from "./errors.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../text/shorten.ts";
import { MAX_ID_LENGTH, networkSchema, type NetworkSpec } from "./networks.ts";

const HELP = "`ectopy network --help` describes the format.";

/**
 * Parses a network.
 * @param name name of the file, for errors
 * @throws EctopyError `damaged-file`: not JSON; `invalid-settings`: names the layer
 */
export function parseNetwork(text: string, name: string): NetworkSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EctopyError("damaged-file", `${name} is not a network file: ${why}.`, HELP, { cause });
  }
  const { data, error } = checkValue(networkSchema, value);
  if (data) return data;
  const [issue] = error.issues;
  const problem = valueAt(value, issue.path) === undefined ? "missing" : shortened(issue.message, MAX_QUOTED_LENGTH);
  throw new EctopyError("invalid-settings", `${name}: ${pathText(issue, value)}${problem}.`, HELP);
}

/** Formats a network for {@link parseNetwork}. */
export function formatNetwork(network: NetworkSpec): string {
  return `${JSON.stringify(network, null, 2)}\n`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** Returns the path of an issue as text: `layer 2 (“conv”), units: `. */
function pathText({ path }: z.core.$ZodIssue, value: unknown): string {
  if (path[0] !== "layers" || typeof path[1] !== "number") return path.length === 0 ? "" : `${path.join(".")}: `;
  const layer = (value as { layers: unknown[] }).layers[path[1]];
  const id = typeof layer === "object" && layer !== null && "id" in layer ? layer.id : undefined;
  // An invalid id is not quoted: the number of the layer suffices.
  const name = typeof id === "string" && id.length <= MAX_ID_LENGTH ? ` (“${id}”)` : "";
  const setting = path.slice(2).join(".");
  return `layer ${path[1] + 1}${name}${setting === "" ? "" : `, ${setting}`}: `;
}
