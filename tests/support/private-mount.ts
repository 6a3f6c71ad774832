/**
 * A small disk of one's own: a tmpfs in a mount namespace that nobody else sees. It ends with the process that holds it,
 * whatever becomes of the test. Works where Linux lets users make namespaces; elsewhere the test skips itself and says so.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export const NO_PRIVATE_MOUNT = "this system lets no test mount a small disk (unshare, nsenter)";

export interface SmallDisk {
  /** Runs a command so that it sees the disk. */
  within: readonly string[];
  /** Runs a shell command there and gives what it prints. */
  shell(command: string): string;
  close(): Promise<void>;
}

/** @returns undefined where the system does not allow it */
export async function mountSmallDisk(folder: string, mebibytes: number): Promise<SmallDisk | undefined> {
  if (process.platform !== "linux") return undefined;
  const script = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && echo ready && exec cat`;
  // It holds the namespace for as long as its input is open.
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
