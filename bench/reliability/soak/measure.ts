/** Resources of a process, from /proc and from the process. */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

export interface Sample {
  /** Minutes since the start. */
  minute: number;
  /** Finished rounds. */
  rounds: number;
  /** Resident memory after a garbage collection, in bytes. */
  rss: number;
  /** JavaScript's heap in use, and buffers outside it, after the collection. */
  heap: number;
  buffers: number;
  /** Open file descriptors: files, sockets, pipes. */
  handles: number;
  threads: number;
  children: number;
  /** Bytes of all files of the workspace. */
  workspace: number;
  /** Ectopy's entries in the folders for temporary files. */
  temporary: number;
}

export interface Measured {
  pid: number;
  /** The file that collect-garbage.ts writes. */
  memoryFile: string;
  workspace: string;
  temporary: string;
}

/** Longest wait for child processes to end; one that is left counts. */
const CHILD_TIMEOUT_MS = 20_000;
/** Longest wait for a garbage collection. */
const COLLECTION_TIMEOUT_MS = 30_000;

export async function measure(of: Measured): Promise<Omit<Sample, "minute" | "rounds">> {
  // The process that checks folders ends after some idle seconds: until then, its pipes count as handles.
  for (const end = Date.now() + CHILD_TIMEOUT_MS; childrenOf(of.pid) > 0 && Date.now() < end;) await setTimeout(100);
  const { heapUsed, external, arrayBuffers } = await collected(of);
  const status = readFileSync(`/proc/${of.pid}/status`, "utf8");
  return {
    rss: 1024 * numberIn(status, "VmRSS"),
    heap: heapUsed,
    buffers: external + arrayBuffers,
    handles: readdirSync(`/proc/${of.pid}/fd`).length,
    threads: numberIn(status, "Threads"),
    children: childrenOf(of.pid),
    workspace: bytesIn(of.workspace),
    temporary: temporaryEntries(of).length,
  };
}

/**
 * Returns how many descriptors a process has open of each kind: `socket`, `pipe`, or a path with `N` for each number.
 */
export function openDescriptors(pid: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    let target: string;
    try {
      target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      continue; // closed since the folder was read
    }
    const kind = target.replace(/:\[\d+\]$/, "").replaceAll(/\d+/g, "N");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Counts them in the workspace and in the system's folder, without Node's compile cache. */
export function temporaryEntries({ workspace, temporary }: Pick<Measured, "workspace" | "temporary">): string[] {
  const own = join(workspace, "temporary");
  return [
    ...(existsSync(own) ? readdirSync(own) : []),
    ...readdirSync(temporary).filter((name) => name.startsWith("ectopy")),
  ];
}

async function collected({ pid, memoryFile }: Measured): Promise<NodeJS.MemoryUsage> {
  rmSync(memoryFile, { force: true });
  process.kill(pid, "SIGUSR2");
  for (const end = Date.now() + COLLECTION_TIMEOUT_MS; !existsSync(memoryFile); await setTimeout(20)) {
    if (Date.now() > end) throw new Error(`Process ${pid} did not collect its garbage.`);
  }
  return JSON.parse(readFileSync(memoryFile, "utf8")) as NodeJS.MemoryUsage;
}

function numberIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
}

function childrenOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim())
    .flatMap((line) => (line === "" ? [] : line.split(" "))).length;
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? bytesIn(path) : statSync(path).size;
  }
  return bytes;
}
