/**
 * A small private disk: a tmpfs in a mount namespace that no other process sees. It disappears with the process that
 * holds it, even if the test crashes. It works where Linux lets users make namespaces; elsewhere the test is skipped
 * with this reason.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export const NO_PRIVATE_MOUNT = "this system does not allow a test to mount a small disk (unshare, nsenter)";

export interface SmallDisk {
  /** Runs a command inside the namespace, where the disk exists. */
  within: readonly string[];
  /** Runs a shell command inside the namespace and returns its output. */
  shell(command: string): string;
  close(): Promise<void>;
}

/** @returns undefined where the system does not allow it */
export async function mountSmallDisk(folder: string, mebibytes: number): Promise<SmallDisk | undefined> {
  if (process.platform !== "linux") return undefined;
  const script = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && echo ready && exec cat`;
  // This process holds the namespace as long as its input is open.
  const holder: ChildProcess = spawn("unshare", ["-rm", "sh", "-c", script, folder], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ready = await Promise.race([
    once(holder.stdout!, "data").then(() => true),
    once(holder, "exit").then(() => false),
    once(holder, "error").then(() => false),
  ]);
  if (!ready) return undefined;
  const within = ["nsenter", "-t", String(holder.pid), "-U", "-m", "--preserve-credentials"];
  return {
    within,
    shell: (command) =>
      execFileSync(within[0], [...within.slice(1), "sh", "-c", command, folder], { encoding: "utf8", stdio: "pipe" }),
    close: async () => {
      const ended = once(holder, "exit");
      holder.stdin!.end();
      await ended;
    },
  };
}
