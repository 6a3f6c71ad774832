/** Checks that database and stored folders agree, and reports folders that were set aside. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { StoredItem } from "../../../../contract/domain/integrity.ts";
import { hasManifest } from "../../../store/manifest.ts";
import { counted } from "../../../../contract/text/format-number.ts";
import { UNREGISTERED_FOLDER } from "../../../store/registration.ts";
import type { Check, RepairableFinding } from "../check.ts";

const remedies: Readonly<Record<StoredItem["kind"], string>> = {
  datasets: "Import the same recordings again: they replace it.",
  preparations: "Prepare again with the same settings: the result replaces it.",
  runs: "Its metrics are intact; train again to restore its model.",
  checkpoints: "The run is resumed from an earlier checkpoint, or from the beginning.",
};

export const nounOf: Readonly<Record<StoredItem["kind"], string>> = {
  datasets: "Dataset",
  preparations: "Preparation",
  runs: "Run",
  checkpoints: "Checkpoint",
};

export const folderCheck: Check = {
  name: "folders",
  title: "Stored folders",
  run: ({ workspace, verifier, signal }) => {
    const items = verifier.items();
    const folderOf = ({ kind, id }: StoredItem): string => workspace.path(kind, id);
    const missing = items.filter((item) => !existsSync(folderOf(item)));
    const bare = items.filter((item) => existsSync(folderOf(item)) && !hasManifest(folderOf(item)));
    const findings = missing.map((item): RepairableFinding => ({
      severity: "problem",
      message: `The folder of ${nounOf[item.kind].toLowerCase()} ${item.id} is missing.`,
      fix: remedies[item.kind],
      item,
    }));
    if (bare.length > 0) {
      findings.push({
        severity: "advice",
        message: `${counted(bare.length, "folder")} of an earlier version without a manifest.`,
        fix: "The repair writes manifests where the files are unchanged.",
        repair: async () => {
          for (const item of bare) await verifier.addManifest(item, signal);
        },
      });
    }
    const aside = join(workspace.folder, UNREGISTERED_FOLDER);
    for (const name of existsSync(aside) ? readdirSync(aside).sort() : []) {
      findings.push({
        severity: "advice",
        message: `${join(aside, name)} was set aside: it has no manifest.`,
        fix: "Import the recordings in it, or delete the folder.",
      });
    }
    for (const name of readdirSync(workspace.folder).filter((each) => /\.damaged-[^/]*Z$/.test(each))) {
      findings.push({
        severity: "advice",
        message: `${join(workspace.folder, name)} is a damaged database that a backup replaced.`,
        fix: "Delete it if nothing is missing in Ectopy.",
      });
    }
    const summary = `${counted(items.length, "folder")} checked.`;
    return Promise.resolve({ summary, findings });
  },
};
