/**
 * One bit of one stored file: `verify` names the file, an export and a training do not use it, and a preparation is
 * made again.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../findings.ts";
import { runInTime } from "../run-in-time.ts";
import { flipBit } from "./damage.ts";
import { madeAgain, namesDamage } from "./deleted.ts";
import type { FaultRound } from "./fault.ts";
import { freshPlace } from "./stored-workspace.ts";

/** Kinds of files, in turn, so that a few rounds cover each. */
const KINDS = [".hea", ".dat", ".atr", "preparations/2", "runs/1"] as const;

export async function flippedBit({
  stored,
  random,
  round,
  keep,
}: FaultRound): Promise<{ met: string; findings: Finding[] }> {
  const place = freshPlace(stored, "closed");
  const kind = KINDS[round % KINDS.length];
  const key = kind.startsWith(".") ? `datasets/${1 + random.below(2)}` : kind;
  const names = readdirSync(join(place.workspace, key)).filter((name) => !kind.startsWith(".") || name.endsWith(kind));
  const name = names[random.below(names.length)];
  const where = flipBit(join(place.workspace, key, name), random);
  keep();
  const findings: Finding[] = [];
  const verified = await runInTime(["verify", "--json"], place);
  if (!namesDamage(verified.stdout, key, name))
    findings.push({ kind: "unseen", text: `verify does not name ${key}/${name} (${where})` });
  if (key === "runs/1" && name !== "manifest.json") {
    // An export must contain the stored values.
    const exported = await runInTime(["export", "keras", "1", "--to", place.out], place);
    const used = name === "weights.bin" || name === "model.json";
    if (used && exported.status === 0)
      findings.push({ kind: "unseen", text: `${name} is exported with ${where} flipped` });
  }
  if (key === "preparations/2") {
    if (name !== "manifest.json") {
      const trained = await runInTime(
        ["train", "2", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "2", "--seed", "9"],
        place,
      );
      if (trained.status === 0)
        findings.push({ kind: "unseen", text: `a training uses ${name} with ${where} flipped` });
    }
    findings.push(...(await madeAgain(stored.state.get(key)!, place)));
  }
  return { met: kind, findings };
}
