/** Compares every stored file with its hash. */
import type { VerifiedItem } from "../../../../contract/domain/integrity.ts";
import { formatBytes } from "../../../../contract/text/format-bytes.ts";
import { counted } from "../../../../contract/text/format-number.ts";
import type { Check, RepairableFinding } from "../check.ts";
import { nounOf } from "./folders.ts";

const remedies: Readonly<Record<VerifiedItem["kind"], string>> = {
  datasets: "Import the same recordings again: they replace the damaged ones.",
  preparations: "Prepare again with the same settings: the damaged files are replaced.",
  runs: "Train again; its metrics in the database are not affected.",
  checkpoints: "The run is resumed from an earlier checkpoint, or from the beginning.",
};

export const hashCheck: Check = {
  name: "hashes",
  title: "Stored files",
  run: async ({ verifier, hashes, progress, signal }) => {
    if (!hashes) return { summary: "Not compared with their hashes.", findings: [] };
    const { items, bytes } = await verifier.verify(verifier.items(), { progress, signal });
    const damaged = items.filter(({ state }) => state === "damaged");
    const unchecked = items.filter(({ state }) => state === "unchecked").length;
    const findings = damaged.map((item): RepairableFinding => {
      const names = item.damage.map(({ name }) => name).join(", ");
      const { kind, id } = item;
      return {
        severity: "problem",
        message: `${nounOf[kind]} ${id} is damaged${names === "" ? "" : `: ${names}`}.`,
        fix: remedies[kind],
        item: { kind, id },
      };
    });
    const rest = unchecked === 0 ? "" : ` ${unchecked} of them, of an earlier version, have no hashes.`;
    return { summary: `${formatBytes(bytes)} in ${counted(items.length, "folder")} compared.${rest}`, findings };
  },
};
