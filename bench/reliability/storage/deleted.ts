/** Folders that are deleted: the whole workspace while a command works in it, and single stored folders. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Finding } from "../findings.ts";
import { openAndRead } from "../open-and-read.ts";
import { losses, readState } from "../workspace-state.ts";
import { runInTime, startInTime } from "../run-in-time.ts";
import type { FaultRound } from "./fault.ts";
import { freshPlace, PREPARE_2, TRAIN_1, type FaultPlace } from "./stored-workspace.ts";

type Outcome = Promise<{ met: string; findings: Finding[] }>;

/** Time by which a command has begun, in ms; the rest of its duration is drawn. */
const LATEST_DELETION_MS = 2500;

export async function deletedWorkspace({ stored, random }: FaultRound): Outcome {
  const place = freshPlace(stored, "closed");
  const commands = [
    ["import", stored.recordings],
    ["prepare", "1", "--seed", "9"],
    [...TRAIN_1, "--seed", "9", "--epochs", "40"],
  ];
  const args = commands[random.below(commands.length)];
  const running = startInTime(args, place);
  const began = await Promise.race([
    running.ended.then(() => false),
    setTimeout(random.uniform() * LATEST_DELETION_MS, true),
  ]);
  // What it has reported by then was true: a result may be deleted after that.
  const hasReported = running.output() !== "";
  // The command may create a file while its folder is being emptied.
  rmSync(place.workspace, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
  const { status, signal, stderr } = await running.ended;
  if (!began) return { met: `${args[0]} had ended`, findings: [] };
  const findings: Finding[] = [];
  if (status === 0 && !hasReported) {
    // The command began later: a new workspace at the same path is correct too.
    const kept = stillThere(place);
    if (!kept)
      findings.push({ kind: "lost", text: `ectopy ${args.join(" ")} says that it is done, and nothing is stored` });
  }
  if (signal !== null)
    findings.push({ kind: "failed", text: `ectopy ${args.join(" ")} did not end: ${stderr.slice(-300)}` });
  return { met: `${args[0]}: ${status === 0 ? "done" : "refused"}`, findings };
}

function stillThere({ workspace }: FaultPlace): boolean {
  try {
    return readState(workspace).size > 0;
  } catch {
    return false;
  }
}

/**
 * Deletes one stored folder: the workspace opens, `verify` names the folder, the others are unchanged, a preparation
 * can be made again.
 */
export async function deletedFolder({ stored, random, keep }: FaultRound): Outcome {
  const place = freshPlace(stored, "closed");
  const whole = [...stored.state].filter(([, { files }]) => files !== null);
  const [key] = whole[random.below(whole.length)];
  rmSync(join(place.workspace, key), { recursive: true });
  keep();
  const findings: Finding[] = [];
  const verified = await runInTime(["verify", "--json"], place);
  if (!namesDamage(verified.stdout, key)) findings.push({ kind: "unseen", text: `verify does not name ${key}` });
  const others = new Map([...stored.state].filter(([other]) => other !== key));
  findings.push(...losses(others, openAndRead(place)));
  if (key === "preparations/2") findings.push(...(await madeAgain(stored.state.get(key)!, place)));
  return { met: key.split("/")[0], findings };
}

/** Prepares the second dataset once more. */
export async function madeAgain(
  expected: { files: Record<string, string> | null },
  place: FaultPlace,
): Promise<Finding[]> {
  const { status, stderr } = await runInTime(PREPARE_2, place);
  if (status !== 0) return [{ kind: "failed", text: `preparing again: status ${status}: ${stderr.slice(-300)}` }];
  const files = readState(place.workspace).get("preparations/2")?.files ?? {};
  const differs = Object.entries(expected.files ?? {}).filter(
    ([name, hash]) => name !== "manifest.json" && files[name] !== hash,
  );
  return differs.map(([name]): Finding => ({
    kind: "not equal",
    text: `preparations/2/${name} is another when prepared again`,
  }));
}

/** Returns whether `ectopy verify --json` names an item, and a file of it. */
export function namesDamage(document: string, key: string, file?: string): boolean {
  try {
    const { items } = JSON.parse(document) as {
      items: { kind: string; id: number; state: string; damage: { name: string }[] }[];
    };
    const item = items.find(({ kind, id }) => `${kind}/${id}` === key);
    if (item === undefined || !["damaged", "missing"].includes(item.state)) return false;
    return file === undefined || item.damage.some(({ name }) => name === file);
  } catch {
    return false; // no such command, or another exit status
  }
}
