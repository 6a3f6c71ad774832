/**
 * The program with the command `worker` alone. It loads a third of the modules of all commands: a cluster starts many
 * workers, often from a network file system.
 */
import { Command } from "commander";
import { version } from "../version.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { runProgram, withUsageErrors } from "./run-program.ts";

/** Returns whether a command line needs nothing but this program. */
export function isForWorker(args: readonly string[]): boolean {
  const words = args.filter((arg) => arg !== "--json");
  return words[0] === "worker" || (words.length === 1 && words[0] === "--version");
}

/** Runs one command line. @returns the exit status: 0, or the status of the error's code */
export function main(args: readonly string[]): Promise<number> {
  const program = new Command("ectopy")
    .description("Train runs of experiments for other machines.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .option("--json", "print exactly one JSON document on standard output");
  addWorkerCommand(program);
  return runProgram(withUsageErrors(program), args);
}
