/** A network as a file holds it: JSON, checked, and what is wrong named by its layer. */
import type { z } from "zod";
import { checkValue } from "./check-value.ts";
import { EctopyError } from "./errors.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../text/shorten.ts";
import { MAX_ID_LENGTH, networkSchema, type NetworkSpec } from "./networks.ts";

const HELP = "`ectopy model --help` shows what such a file holds.";

/**
 * @param name of the file, for what is said of it
 * @throws EctopyError `damaged-file`: no JSON; `invalid-settings` naming the layer
 */
export function parseNetwork(text: string, name: string): NetworkSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EctopyError("damaged-file", `${name} holds no network: ${why}.`, HELP, { cause });
  }
  const { data, error } = checkValue(networkSchema, value);
  if (data) return data;
  const [issue] = error.issues;
  const words = valueAt(value, issue.path) === undefined ? "missing" : shortened(issue.message, MAX_QUOTED_LENGTH);
  throw new EctopyError("invalid-settings", `${name}: ${placeOf(issue, value)}${words}.`, HELP);
}

/** What {@link parseNetwork} reads again. */
export function formatNetwork(network: NetworkSpec): string {
  return `${JSON.stringify(network, null, 2)}\n`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** `layer 2 (“conv”), units: `, as far as it is known. */
function placeOf({ path }: z.core.$ZodIssue, value: unknown): string {
  if (path[0] !== "layers" || typeof path[1] !== "number") return path.length === 0 ? "" : `${path.join(".")}: `;
  const layer = (value as { layers: unknown[] }).layers[path[1]];
  const id = typeof layer === "object" && layer !== null && "id" in layer ? layer.id : undefined;
  // Of what is no text, or too long for an id, the number of the layer says enough.
  const name = typeof id === "string" && id.length <= MAX_ID_LENGTH ? ` (“${id}”)` : "";
  const setting = path.slice(2).join(".");
  return `layer ${path[1] + 1}${name}${setting === "" ? "" : `, ${setting}`}: `;
}
