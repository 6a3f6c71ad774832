/** Runs the real command line as a child process, for tests and benchmarks: it needs no test runner. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Variable with the path of the built command line, which starts in half the time. */
export const BUILT_COMMAND = "ECTOPY_TEST_COMMAND";

export interface Ended {
  /** Exit status; null where a signal ended it. */
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  workspace: string;
  /** A program and its arguments that run the command line, such as `nsenter …`. */
  within?: readonly string[];
  /** Variables added to the environment of this process. */
  environment?: Readonly<Record<string, string>>;
  /** Path of the program that runs: the command line by default, as built for the tests or else from its sources. */
  entry?: string;
}

/** A running command line. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves as soon as standard error contains a match; rejects if the command ends without one. */
  waitForOutput: (pattern: RegExp) => Promise<void>;
  /** Standard output and error so far. */
  output: () => string;
  errorOutput: () => string;
}

export function startEctopy(
  args: readonly string[],
  { workspace, within = [], environment = {}, entry = commandLine() }: CommandOptions,
): Running {
  const [program, ...rest] = [...within, process.execPath, entry, "--workspace", workspace, ...args];
  const child = spawn(program, rest, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, ...output }));
  });
  const waitForOutput = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (pattern.test(output.stderr)) resolve();
      };
      child.stderr.on("data", check);
      void ended.then(() => reject(new Error(`It ended without the output ${pattern}:\n${output.stderr}`)), reject);
      check();
    });
  return { child, ended, waitForOutput, output: () => output.stdout, errorOutput: () => output.stderr };
}

function commandLine(): string {
  return process.env[BUILT_COMMAND] ?? join(root, "src/main/cli/ectopy.ts");
}

export function runEctopy(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return startEctopy(args, options).ended;
}
