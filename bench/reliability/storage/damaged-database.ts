/**
 * A damaged database: overwritten, zeroed, cut, emptied, removed; or its WAL; its backups newer, older, damaged too, or
 * none. After the next opening each dataset, preparation and run must exist unchanged, or its folder moved aside with a
 * message.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../findings.ts";
import { openAndRead } from "../open-and-read.ts";
import {
  databaseDamage,
  differenceOf,
  halfMade,
  hashesOf,
  outcomeOf,
  type Kept,
  type WorkspaceState,
} from "../workspace-state.ts";
import { runInTime } from "../run-in-time.ts";
import { damage, damageKinds } from "./damage.ts";
import type { FaultRound } from "./fault.ts";
import { backupNames, freshPlace, leaveOlderBackup, type FaultPlace } from "./stored-workspace.ts";

const backupStates = ["as they are", "older", "damaged", "none"] as const;

export async function damagedDatabase({
  stored,
  random,
  keep,
}: FaultRound): Promise<{ met: string; findings: Finding[] }> {
  const wal = random.below(4) === 0;
  const place = freshPlace(stored, wal || random.below(4) === 0 ? "killed" : "closed");
  const kind = damageKinds[random.below(damageKinds.length)];
  const backups = backupStates[random.below(backupStates.length)];
  const file = wal ? "ectopy.sqlite-wal" : "ectopy.sqlite";
  const where = `${file} ${kind} (${damage(join(place.workspace, file), kind, random)}), backups ${backups}`;
  if (backups === "older") leaveOlderBackup(place, stored);
  if (backups === "none") rmSync(join(place.workspace, "backups"), { recursive: true, force: true });
  if (backups === "damaged") {
    for (const name of backupNames(place.workspace))
      damage(join(place.workspace, "backups", name), "page of zeros", random);
  }
  keep();

  const findings: Finding[] = [];
  const messages: string[] = [];
  let met = wal ? "WAL " : "";
  try {
    const state = openAndRead(place, (message) => messages.push(message));
    const missing = lost(stored.state, state, place.workspace, messages);
    findings.push(
      ...(await unnamed(missing, place)),
      ...halfMade(place.workspace, state),
      ...databaseDamage(place.workspace),
    );
    met += messages.length > 0 ? "repaired" : "nothing to repair";
  } catch (error) {
    met += "refused";
    findings.push({
      kind: "failed",
      text: `it does not open: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  return { met, findings: findings.map(({ kind: of, text }) => ({ kind: of, text: `${where}: ${text}` })) };
}

/** Returns the changed values that `ectopy doctor` does not report either. */
async function unnamed(findings: Finding[], place: FaultPlace): Promise<Finding[]> {
  if (!findings.some(({ kind }) => kind === "unseen")) return findings;
  const { stdout } = await runInTime(["doctor", "--json"], place);
  const named = (text: string): boolean => {
    const [kind, id] = text.split(/[/:]/);
    return stdout.includes(`The database row of ${kind.slice(0, -1)} ${id} differs from its manifest.`);
  };
  return findings.filter(({ kind, text }) => kind !== "unseen" || !named(text));
}

/** Returns items that are missing without a message, and rows that changed without one. */
function lost(
  before: WorkspaceState,
  after: WorkspaceState,
  workspace: string,
  messages: readonly string[],
): Finding[] {
  return [...before].flatMap(([key, kept]): Finding[] => {
    if (kept.files === null) return [];
    const now = after.get(key);
    if (now === undefined) {
      const aside = isAside(workspace, kept);
      if (!aside) return [{ kind: "lost", text: `${key} is gone` }];
      return messages.length > 0 ? [] : [{ kind: "unseen", text: `${key} was moved aside without a message` }];
    }
    if (JSON.stringify(withoutManifest(now.files)) !== JSON.stringify(withoutManifest(kept.files))) {
      return [{ kind: "lost", text: `${key}: its files have changed` }];
    }
    const difference = differenceOf(outcomeOf(now), outcomeOf(kept));
    return difference === "" ? [] : [{ kind: "unseen", text: `${key}: ${difference}` }];
  });
}

function withoutManifest(files: Kept["files"]): Kept["files"] {
  return files && Object.fromEntries(Object.entries(files).filter(([name]) => name !== "manifest.json"));
}

/** Returns whether the folder for unregistered items contains one with the same files. */
function isAside(workspace: string, { files }: Kept): boolean {
  const aside = join(workspace, "unregistered");
  const expected = JSON.stringify(withoutManifest(files));
  const folders = existsSync(aside) ? readdirSync(aside, { recursive: true, withFileTypes: true }) : [];
  return folders
    .filter((entry) => entry.isDirectory())
    .some((entry) => JSON.stringify(withoutManifest(hashesOf(join(entry.parentPath, entry.name)))) === expected);
}
