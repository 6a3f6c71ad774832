/** A disk that is full, and one that can't be written: a small tmpfs that only the round's commands see. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RandomStream } from "../../../src/pipeline/random.ts";
import { mountSmallDisk, type SmallDisk } from "../../../tests/support/private-mount.ts";
import type { Finding } from "../findings.ts";
import { openAndRead } from "../open-and-read.ts";
import { runInTime } from "../run-in-time.ts";
import { databaseDamage, halfMade, losses } from "../workspace-state.ts";
import type { FaultRound } from "./fault.ts";
import { TRAIN_1, type FaultPlace, type StoredWorkspace } from "./stored-workspace.ts";

type Outcome = Promise<{ met: string; findings: Finding[] } | null>;

const DISK_MEBIBYTES = 40;
/** Largest free space, in bytes: enough for a part of the commands' files. */
const MAX_FREE_KIBIBYTES = 1500;

function commandOf(random: RandomStream, stored: StoredWorkspace): string[] {
  const commands = [
    ["import", stored.recordings],
    ["prepare", "1", "--seed", "9"],
    [...TRAIN_1, "--seed", "9"],
    ["export", "mlflow", "1", "--to", "OUT"],
  ];
  return commands[random.below(commands.length)];
}

interface DiskPlace extends FaultPlace {
  disk: SmallDisk;
}

/** Runs `work` with the workspace on a small disk, which is removed afterwards. */
async function onSmallDisk(
  stored: StoredWorkspace,
  work: (place: DiskPlace) => Promise<{ met: string; findings: Finding[] }>,
): Outcome {
  rmSync(stored.round, { recursive: true, force: true });
  const mounted = join(stored.round, "disk");
  mkdirSync(mounted, { recursive: true });
  const disk = await mountSmallDisk(mounted, DISK_MEBIBYTES);
  if (disk === undefined) return null;
  try {
    const place = {
      workspace: join(mounted, "workspace"),
      temporary: join(mounted, "temporary"),
      out: join(mounted, "out"),
      disk,
    };
    disk.shell(`cp -a "${stored.closed}" "$0/workspace" && mkdir "$0/temporary" "$0/out"`);
    return await work(place);
  } finally {
    await disk.close();
  }
}

/** Copies the workspace from the small disk to a folder that this process sees. */
function seen(stored: StoredWorkspace, disk: SmallDisk): FaultPlace {
  const copy = join(stored.round, "copy");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  disk.shell(`cp -a "$0/workspace" "$0/temporary" "$0/out" "${copy}"`);
  return { workspace: join(copy, "workspace"), temporary: join(copy, "temporary"), out: join(copy, "out") };
}

function findingsOf(stored: StoredWorkspace, disk: SmallDisk): Finding[] {
  const place = seen(stored, disk);
  const state = openAndRead(place);
  return [...losses(stored.state, state), ...halfMade(place.workspace, state), ...databaseDamage(place.workspace)];
}

/** Commands are refused with a message about space, no data is lost, and they succeed once there is room. */
export async function fullDisk({ stored, random, keep }: FaultRound): Outcome {
  return onSmallDisk(stored, async (place) => {
    const { disk } = place;
    const args = commandOf(random, stored).map((word) => (word === "OUT" ? place.out : word));
    const free = Number(disk.shell(`df -k --output=avail "$0" | tail -1`).trim());
    const left = Math.min(free, random.below(MAX_FREE_KIBIBYTES));
    disk.shell(`head -c ${(free - left) * 1024} /dev/zero > "$0/ballast"`);
    const full = await runInTime(args, place, disk.within);
    disk.shell(`rm "$0/ballast"`);
    keep();
    const what = `ectopy ${args.join(" ")}, ${left} KiB free`;
    const findings = findingsOf(stored, disk);
    if (full.status !== 0 && !/No space is left|disk is full/i.test(full.stderr)) {
      findings.push({ kind: "failed", text: `${what}: status ${full.status}: ${full.stderr.slice(-300)}` });
    }
    const again = await runInTime(args, place, disk.within);
    if (again.status !== 0)
      findings.push({ kind: "failed", text: `${what}: with room again: ${again.stderr.slice(-300)}` });
    findings.push(...findingsOf(stored, disk));
    return { met: `${args[0]}: ${full.status === 0 ? "fitted" : "refused"}`, findings };
  });
}

/** Commands that write are refused with a message, no data is lost, and commands that read work. */
export async function readOnlyDisk({ stored, random }: FaultRound): Outcome {
  return onSmallDisk(stored, async (place) => {
    const { disk } = place;
    const args = commandOf(random, stored).map((word) => (word === "OUT" ? place.out : word));
    disk.shell(`mount -o remount,ro "$0"`);
    const findings: Finding[] = [];
    const refused = await runInTime(args, place, disk.within);
    if (refused.status === 0 || !/not allow|EROFS|read-only/i.test(refused.stderr)) {
      findings.push({
        kind: "failed",
        text: `ectopy ${args.join(" ")}: status ${refused.status}: ${refused.stderr.slice(-300)}`,
      });
    }
    const shown = await runInTime(["runs", "--json"], place, disk.within);
    if (shown.status !== 0) findings.push({ kind: "failed", text: `ectopy runs: ${shown.stderr.slice(-300)}` });
    disk.shell(`mount -o remount,rw "$0"`);
    findings.push(...findingsOf(stored, disk));
    return { met: `${args[0]}: refused`, findings };
  });
}
