/** Runs the real command line in tests: arguments in, output and exit status out. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { runEctopy, type CommandOptions, type Ended } from "./ectopy-process.ts";

export { runEctopy, startEctopy, type CommandOptions, type Ended, type Running } from "./ectopy-process.ts";

/** Makes a folder for a workspace that does not exist yet. Its name contains a space, like many users' folders. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "ectopy command line-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs with `--json`, expects success, and returns the one document of standard output. */
export async function askEctopy<Document>(args: readonly string[], options: CommandOptions): Promise<Document> {
  const ended = await runEctopy([...args, "--json"], options);
  expect(ended, ended.stderr).toMatchObject({ status: 0, signal: null });
  return JSON.parse(ended.stdout) as Document;
}

/**
 * Runs several command lines in one process, and returns how each would have ended in a separate one. For tests of what
 * commands write: a command that starts a training or waits for a signal needs a separate process.
 */
export async function runTogether(commands: readonly (readonly string[])[], options: CommandOptions): Promise<Ended[]> {
  const entry = join(import.meta.dirname, "several-commands.ts");
  const ended = await runEctopy([JSON.stringify(commands)], { ...options, entry });
  expect(ended, ended.stderr).toMatchObject({ status: 0, signal: null, stderr: "" });
  const results = JSON.parse(ended.stdout) as Ended[];
  expect(results).toHaveLength(commands.length);
  return results;
}

/** Runs several command lines with `--json` in one process, expects success, and returns the document of each. */
export async function askTogether(
  commands: readonly (readonly string[])[],
  options: CommandOptions,
): Promise<unknown[]> {
  const all = await runTogether(
    commands.map((args) => [...args, "--json"]),
    options,
  );
  return all.map((ended) => {
    expect(ended, ended.stderr).toMatchObject({ status: 0 });
    return JSON.parse(ended.stdout) as unknown;
  });
}

/**
 * Expects a refusal: its status, an empty standard output, and at the end of standard error one sentence and one line
 * with the remedy, without a stack trace.
 */
export function expectRefusal({ status, stdout, stderr }: Ended, expected: number, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(status, stderr).toBe(expected);
  expect(stdout).toBe("");
  const [sentence, remedy] = stderr.trimEnd().split("\n").slice(-2);
  expect(sentence).toMatch(/^Error: [^\p{Ll}].*\.$/u);
  expect(remedy).toMatch(/^ {2}→ .+\.$/u);
  expect(stderr).not.toMatch(/^ {4}at |undefined|NaN|\[object/m);
}
