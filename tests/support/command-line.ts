/** The real command line in tests: what a user types, and what comes back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { runEctopy, type CommandOptions, type Ended } from "./ectopy-process.ts";

export { runEctopy, startEctopy, type CommandOptions, type Ended, type Running } from "./ectopy-process.ts";

/** A folder for a workspace that is not there yet, with a space in its name, as folders have. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "ectopy command line-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
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
