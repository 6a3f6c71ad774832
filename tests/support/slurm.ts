/** A real Slurm with one node on this machine: its daemons with a private configuration, key and ports, no systemd. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";

const programs = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"];
const isRoot = process.getuid?.() === 0;
/** Reason for skipping the tests; empty where they can run. */
export const noSlurm = !programs.every((path) => existsSync(path))
  ? "Slurm is not installed (apt-get install slurmctld slurmd slurm-client munge)"
  : isRoot
    ? ""
    : "Slurm's daemons need root";

export interface RunningSlurm {
  /** Variables of its commands. */
  environment: Readonly<Record<string, string>>;
  /** Runs one of its commands. @returns its output */
  run(program: string, ...args: string[]): string;
  /** Kills the node's daemon, as a crash of the node, and starts it again. */
  restartNode(): Promise<void>;
  /** Kills the controller, as a crash of the head node. */
  killController(): Promise<void>;
  startController(): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** @param cores of the node, which has one task for each */
export async function startSlurm(cores = 2): Promise<RunningSlurm> {
  const folder = mkdtempSync(join(tmpdir(), "slurm-"));
  for (const name of ["spool", "state"]) mkdirSync(join(folder, name));
  const key = join(folder, "munge.key");
  const socket = join(folder, "munge.sock");
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  const config = join(folder, "slurm.conf");
  writeFileSync(config, configuration({ folder, socket, controllerPort, nodePort, cores }));
  const environment = { SLURM_CONF: config };
  const started: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: "ignore", detached: true });
    started.push(child);
    return child;
  };
  const files = ["pid", "log", "seed"].map((name) => `--${name}-file=${join(folder, `munge.${name}`)}`);
  start("/usr/sbin/munged", ["--foreground", "--force", `--key-file=${key}`, `--socket=${socket}`, ...files]);
  await until(() => existsSync(socket), folder);
  let controller = start("/usr/sbin/slurmctld", ["-D", "-f", config]);
  let node = start("/usr/sbin/slurmd", ["-D", "-f", config]);
  const isIdle = (): boolean => {
    const { stdout } = spawnSync("sinfo", ["--noheader", "--format=%T"], {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    return stdout.trim().startsWith("idle") || stdout.trim().startsWith("mixed");
  };
  await until(isIdle, folder);
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await Promise.race([ended, wait(5000).then(() => child.kill("SIGKILL"))]);
  };
  return {
    environment,
    run: (program, ...args) =>
      execFileSync(program, args, { env: { ...process.env, ...environment }, encoding: "utf8" }),
    restartNode: async () => {
      await end(node, "SIGKILL");
      node = start("/usr/sbin/slurmd", ["-D", "-f", config]);
      await until(isIdle, folder);
    },
    killController: () => end(controller, "SIGKILL"),
    startController: async () => {
      controller = start("/usr/sbin/slurmctld", ["-D", "-f", config]);
      await until(isIdle, folder);
    },
    stop: async () => {
      spawnSync("scancel", ["--user=root", "--signal=KILL"], { env: { ...process.env, ...environment } });
      for (const child of started.reverse()) await end(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(condition: () => boolean, folder: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!condition()) {
    if (Date.now() > deadline) {
      const log = ["ctld.log", "d.log", "munge.log"].map((name) => {
        const path = join(folder, name);
        return existsSync(path) ? readFileSync(path, "utf8").slice(-1000) : "";
      });
      throw new Error(`Slurm did not start:\n${log.join("\n")}`);
    }
    await wait(100);
  }
}

interface Configuration {
  folder: string;
  socket: string;
  controllerPort: number;
  nodePort: number;
  cores: number;
}

function configuration({ folder, socket, controllerPort, nodePort, cores }: Configuration): string {
  const name = hostname();
  return `ClusterName=test
SlurmctldHost=${name}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmctldPidFile=${folder}/ctld.pid
SlurmdPidFile=${folder}/d.pid
SlurmdSpoolDir=${folder}/spool
StateSaveLocation=${folder}/state
SlurmctldLogFile=${folder}/ctld.log
SlurmdLogFile=${folder}/d.log
MailProg=/bin/true
ReturnToService=2
KillWait=30
SchedulerParameters=bf_interval=1,sched_interval=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
NodeName=${name} NodeAddr=127.0.0.1 CPUs=${cores} RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=${name} Default=YES MaxTime=INFINITE OverSubscribe=NO State=UP
`;
}
