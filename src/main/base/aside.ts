/**
 * Names of hidden files and folders beside an export: incomplete or renamed ones, which a later export removes or
 * restores.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { IDENTITY, processIdentity } from "./process-identity.ts";

/** `.NAME.ectopy-new-PROCESS-RANDOM`: incomplete; `old`: renamed, to be replaced. */
export const ASIDE = new RegExp(`^\\.(.+)\\.ectopy-(new|old)-(${IDENTITY})-[0-9a-f]+$`);

/** Returns the path of a temporary file or folder beside an export; its name holds the identity of this process. */
export function aside(parent: string, name: string, kind: "new" | "old"): string {
  return join(parent, `.${name}.ectopy-${kind}-${processIdentity()}-${randomBytes(4).toString("hex")}`);
}
