/** Runs a command of Ectopy in a workspace, and measures its time and memory. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const project = join(import.meta.dirname, "..");
const SAMPLE_INTERVAL_MS = 20;

/**
 * Runs a command.
 * @param options.children whether the memory includes the processes that the command starts
 * @returns its seconds, its peak memory and the load, as text
 */
export async function measureCommand(
  workspace: string,
  command: readonly string[],
  { children = false }: { children?: boolean } = {},
): Promise<string> {
  const args = ["src/main/cli/ectopy.ts", "--workspace", workspace, ...command];
  const env = { ...process.env, ECTOPY_SETTINGS: join(dirname(workspace), "settings.json") };
  const began = performance.now();
  const running = promisify(execFile)(process.execPath, args, { cwd: project, env, maxBuffer: 1 << 26 });
  const pid = running.child.pid!;
  const peaks = new Map<number, number>();
  const watch = setInterval(() => {
    for (const each of [pid, ...(children ? childrenOf(pid) : [])]) {
      peaks.set(each, Math.max(peaks.get(each) ?? 0, peakMegabytes(each)));
    }
  }, SAMPLE_INTERVAL_MS);
  try {
    await running;
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - began) / 1000;
  const peak = [...peaks.values()].reduce((a, b) => a + b, 0);
  return `${seconds.toFixed(1)} s, ${peak.toFixed(0)} MB at most (load ${loadavg()[0].toFixed(1)})`;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Returns the peak memory of a process so far; 0 once it has ended. */
function peakMegabytes(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
