/** Names of the kinds of executors, and of the machines that they start workers on. */
import type { Executor } from "../../../contract/domain/executors.ts";

export const executorKindNames: Record<Executor["kind"], string> = {
  slurm: "Slurm",
  ssh: "SSH",
  launcher: "Launcher",
};

/** `ws1, ws2`, `login node login.example.org` */
export function machinesText(executor: Executor): string {
  switch (executor.kind) {
    case "slurm":
      return executor.host === "" ? "Slurm of this machine" : `login node ${executor.host}`;
    case "ssh":
      return executor.hosts.join(", ");
    case "launcher":
      return executor.launcher;
  }
}
