/**
 * SSH: a worker on each host, by the user's keys and known hosts; Ectopy stores neither. A worker outlives the
 * connection.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { quoted, reasonIn, runCommand, sshArguments, type CommandResult } from "./run-command.ts";
import type { WorkerPlan } from "./worker-plan.ts";

/**
 * Starts a worker on a host.
 * @returns its process number there
 * @throws EctopyError `not-connected`: no connection, or the host refuses the user; `not-found`: no `ssh` here
 */
export async function startOnHost(host: string, { logs, worker }: WorkerPlan): Promise<string> {
  const log = quoted(`${logs}/ssh-${host.replaceAll(/[^\w.-]/g, "_")}.log`);
  const start = `echo $$; exec ${worker} >>${log} 2>&1 </dev/null`;
  // In the background and deaf to hang-ups: the end of the connection does not end the worker.
  const { output } = await onHost(host, `nohup sh -c ${quoted(start)} &`);
  const pid = output.trim().split("\n").at(0) ?? "";
  if (/^\d+$/.test(pid)) return pid;
  throw new EctopyError(
    "server-refuses",
    `No worker was started on ${host}.`,
    "Its log is in the experiment's folder.",
  );
}

/**
 * Returns which workers run on a host.
 * @param title word of their command lines: another process may have the number of an ended worker
 * @throws EctopyError `not-connected`, `not-found`
 */
export async function runningOnHost(host: string, pids: readonly string[], title: string): Promise<string[]> {
  // Without /proc, the number alone counts.
  const commandOf = "$(tr '\\0' ' ' </proc/$pid/cmdline 2>/dev/null)";
  const list = `for pid in ${pids.map(quoted).join(" ")}; do kill -0 $pid 2>/dev/null && echo "$pid ${commandOf}"; done; true`;
  const { output } = await onHost(host, list);
  return output.split("\n").flatMap((line) => {
    const [, pid, command] = /^(\d+) (.*)$/.exec(line) ?? [];
    return pid !== undefined && (command.trim() === "" || command.includes(title)) ? [pid] : [];
  });
}

/** Stops a worker at a checkpoint. @throws EctopyError `not-connected`, `not-found` */
export async function stopOnHost(host: string, pid: string): Promise<void> {
  await onHost(host, `kill -TERM ${quoted(pid)} 2>/dev/null || true`);
}

async function onHost(host: string, commandLine: string): Promise<CommandResult> {
  const result = await runCommand("ssh", sshArguments(host, commandLine));
  // 255 is the status of ssh itself.
  if (result.status !== 255) return result;
  throw new EctopyError(
    "not-connected",
    `There is no SSH connection to ${host}${reasonIn(result.errorOutput)}`,
    `\`ssh ${host}\` must work without a question: add your key there, and the host to your known hosts.`,
  );
}
