/** Identity of a run across workspaces, by which an export is found again. */
import { createHash } from "node:crypto";
import type { RunDetails } from "../../../contract/domain/runs.ts";

/** @returns 32 hexadecimal digits */
export function runIdentity({ run, preparation }: RunDetails): string {
  return createHash("sha256")
    .update(JSON.stringify([preparation.fingerprint, run.id, run.createdAt, run.settings]))
    .digest("hex")
    .slice(0, 32);
}
