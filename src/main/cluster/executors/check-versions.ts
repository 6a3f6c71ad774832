/** Checks the version of Ectopy on other machines, before anything is sent to them. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import { version } from "../../version.ts";
import { reasonIn, runCommand, sshArguments, type CommandResult } from "./run-command.ts";

/** Status of a shell whose command does not exist, or can't be started. */
const NOT_STARTED = new Set([126, 127]);

/**
 * Checks the version on the hosts of SSH, or on Slurm's login node. Nodes behind a login node and machines behind a launcher can't
 * be asked: there, each worker compares its version with that of the experiment before it trains.
 * @throws EctopyError `unsupported`: another version; `server-unsuitable`: no Ectopy on a host; `not-connected`, `not-found`
 */
export async function checkVersions(executor: Executor): Promise<void> {
  const command = `${executor.command} --version`;
  switch (executor.kind) {
    case "ssh": {
      const answers = await Promise.allSettled(
        executor.hosts.map(async (host) => ({ host, answer: await runCommand("ssh", sshArguments(host, command)) })),
      );
      // A host that is switched off is left out at the start of the workers.
      for (const each of answers) {
        if (each.status === "rejected" || each.value.answer.status === SSH_FAILED) continue;
        check(each.value.answer, each.value.host, executor.command, true);
      }
      return;
    }
    case "slurm": {
      const { host } = executor;
      const answer =
        host === "" ? await runCommand("sh", ["-c", command]) : await runCommand("ssh", sshArguments(host, command));
      if (answer.status !== SSH_FAILED) check(answer, host === "" ? "this machine" : host, executor.command, false);
      return;
    }
    case "launcher":
      check(await runCommand("sh", ["-c", command]), "this machine", executor.command, false);
  }
}

/** Status of `ssh` itself, without a connection. */
const SSH_FAILED = 255;

/** @param isNeeded whether the workers run on this machine, so that Ectopy must be there */
function check({ status, output, errorOutput }: CommandResult, host: string, command: string, isNeeded: boolean): void {
  const found = output.trim().split("\n").at(-1) ?? "";
  if (status === 0 && /^\d+\.\d+\.\d+/.test(found)) {
    if (found === version) return;
    throw new EctopyError(
      "unsupported",
      `Ectopy ${found} is installed on ${host}, and this is ${version}. Nothing was sent.`,
      "Install the same version there: `ectopy pack-worker` makes an archive of this one.",
    );
  }
  if (!isNeeded && (NOT_STARTED.has(status) || status === 0)) return;
  throw new EctopyError(
    "server-unsuitable",
    `${command} does not start Ectopy on ${host}${reasonIn(errorOutput)} Nothing was sent.`,
    "Unpack the archive of `ectopy pack-worker` there, and check the command of the executor.",
  );
}
