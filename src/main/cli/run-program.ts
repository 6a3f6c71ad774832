/** Runs a command line of a program, and returns its exit status. */
import { CommanderError, type Command } from "commander";
import { BUG_STATUS, CancelledError, EctopyError, errorCodes, reportError } from "../../contract/domain/errors.ts";
import { INTERRUPTED } from "./exit-status.ts";
import { printable } from "./format.ts";
import { watchStandardOutput } from "./standard-output.ts";
import { usageError } from "./usage-error.ts";

/** Makes errors of a program's command line like all others. */
export function withUsageErrors(program: Command): Command {
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    // `reportFailure` prints these errors, like all others.
    command.configureOutput({ outputError: () => {} });
    command.exitOverride((end) => {
      throw end.exitCode === 0 ? end : usageError(command, end);
    });
  }
  return program;
}

/** @returns the exit status: 0, or the status of the error's code */
export async function runProgram(program: Command, args: readonly string[]): Promise<number> {
  const allWritten = watchStandardOutput();
  try {
    await program.parseAsync(args, { from: "user" });
    await allWritten();
    // A command sets the exit code when it ended early but has a result.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander throws after it has printed help or the version: this is no failure.
    if (error instanceof CommanderError) return 0;
    return reportFailure(error, args.includes("--json"));
  }
}

function reportFailure(error: unknown, json: boolean): number {
  const report = reportError(error);
  process.stderr.write(`${report.code === "cancelled" ? "" : "Error: "}${printable(report.message)}\n`);
  if (report.fix !== "") process.stderr.write(`  → ${printable(report.fix)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  if (error instanceof EctopyError) return errorCodes[error.code];
  if (error instanceof CancelledError) return INTERRUPTED;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : ""}\n`);
  return BUG_STATUS;
}
