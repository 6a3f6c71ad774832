/** The real command line, as a child process: what a user types, and what comes back. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

const root = join(import.meta.dirname, "../..");

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
  /** Beside what this process has. */
  environment?: Readonly<Record<string, string>>;
}

/** A command line that runs. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves as soon as standard error holds a match; rejects if the command ends without one. */
  saying: (words: RegExp) => Promise<void>;
}

/** A folder for a workspace that is not there yet, with a space in its name, as folders have. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "ectopy command line-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function startEctopy(
  args: readonly string[],
  { workspace, within = [], environment = {} }: CommandOptions,
): Running {
  const entry = join(root, "src/main/cli/ectopy.ts");
  const [program, ...rest] = [...within, process.execPath, entry, "--workspace", workspace, ...args];
  const child = spawn(program, rest, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, ...said }));
  });
  const saying = (words: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (words.test(said.stderr)) resolve();
      };
      child.stderr.on("data", look);
      void ended.then(() => reject(new Error(`It ended without saying ${words}:\n${said.stderr}`)), reject);
      look();
    });
  return { child, ended, saying };
}

export function runEctopy(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return startEctopy(args, options).ended;
}

/** Runs with `--json`, expects success, and gives the one document that standard output is. */
export async function askEctopy<Document>(args: readonly string[], options: CommandOptions): Promise<Document> {
  const ended = await runEctopy([...args, "--json"], options);
  expect(ended, ended.stderr).toMatchObject({ status: 0, signal: null });
  return JSON.parse(ended.stdout) as Document;
}

/**
 * Expects a refusal: its status, nothing on standard output, and at the end of standard error one sentence and one line of
 * what to do. No trace of the program's inside.
 */
export function expectRefusal({ status, stdout, stderr }: Ended, expected: number, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(status, stderr).toBe(expected);
  expect(stdout).toBe("");
  const [said, fix] = stderr.trimEnd().split("\n").slice(-2);
  expect(said).toMatch(/^Error: [^\p{Ll}].*\.$/u);
  expect(fix).toMatch(/^ {2}→ .+\.$/u);
  expect(stderr).not.toMatch(/^ {4}at |undefined|NaN|\[object/m);
}
