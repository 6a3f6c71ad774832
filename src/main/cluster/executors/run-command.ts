/** Runs commands of the system: Slurm's, `ssh`, a launcher. */
import { spawn } from "node:child_process";
import { EctopyError } from "../../../contract/domain/errors.ts";

export interface CommandResult {
  status: number;
  output: string;
  errorOutput: string;
}

/** Time for the answer of a command: a login node may be slow. */
const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_CHARACTERS = 1_000_000;

/**
 * Runs a program and returns its output.
 * @param input its standard input
 * @throws EctopyError `not-found`: no such program; `not-connected`: no answer within a minute
 */
export function runCommand(program: string, args: readonly string[], input = ""): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
    let output = "";
    let errorOutput = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text.slice(0, MAX_OUTPUT_CHARACTERS)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errorOutput = (errorOutput + text).slice(-4000)));
    child.on("error", (cause) => reject(missing(program, cause)));
    child.on("close", (status, signal) => {
      if (signal === null) resolve({ status: status ?? 0, output, errorOutput });
      else reject(silent(program));
    });
    // The program may end without reading it.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Returns the arguments of `ssh` that run a shell's command line on a host, without questions to a user. */
export function sshArguments(host: string, commandLine: string): string[] {
  return ["-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "--", host, commandLine];
}

/** Returns a text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Returns the last line of an output as the end of a sentence: `: no such host.`; only the full stop where it is empty. */
export function reasonIn(output: string): string {
  const last = output.trim().split("\n").at(-1) ?? "";
  return last === "" ? "." : `: ${last.replace(/\.*$/, "")}.`;
}

function missing(program: string, cause: Error): EctopyError {
  return new EctopyError(
    "not-found",
    `The program ${program} is not installed here.`,
    "Install it, or choose another executor.",
    {
      cause,
    },
  );
}

function silent(program: string): EctopyError {
  return new EctopyError(
    "not-connected",
    `${program} did not answer within a minute.`,
    "Check the network, then try again.",
  );
}
