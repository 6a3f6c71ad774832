/** The static checks: types, eslint, refused phrases, format, and imports between layers. Two run at a time. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { programOf } from "../setup/tools.mjs";
import type { CheckPart } from "./choice.ts";
import type { CheckResult } from "./tally.ts";

export interface Check {
  part: CheckPart;
  name: string;
  /** A package and its program, or the path of a script in the project. */
  program: [string, string] | string;
  args: string[];
}

export function staticChecks(project: string): Check[] {
  const types = (program: [string, string], config: string): Check => ({
    part: "types",
    name: `types: ${config}`,
    program,
    args: ["-p", config],
  });
  const checks: Check[] = [
    types(["typescript", "tsc"], "tsconfig.pure.json"),
    types(["typescript", "tsc"], "tsconfig.node.json"),
    types(["typescript", "tsc"], "tsconfig.preload.json"),
    types(["vue-tsc", "vue-tsc"], "tsconfig.renderer.json"),
    { part: "lint", name: "lint: eslint", program: ["eslint", "eslint"], args: ["."] },
    { part: "lint", name: "lint: phrases", program: "scripts/test/phrases.ts", args: [] },
    { part: "format", name: "format: prettier", program: ["prettier", "prettier"], args: ["--check", "."] },
  ];
  const rules = ".dependency-cruiser.cjs";
  if (existsSync(join(project, rules))) {
    const folders = ["src", "scripts", "tests", "bench"].filter((name) => existsSync(join(project, name)));
    const args = ["--config", rules, "--output-type", "err-long", ...folders];
    checks.push({
      part: "layers",
      name: "layers: dependency-cruiser",
      program: ["dependency-cruiser", "depcruise"],
      args,
    });
  }
  return checks;
}

/** Runs the checks, two at a time, and prints a line for each, with its output where it failed. */
export async function runChecks(project: string, checks: Check[]): Promise<CheckResult[]> {
  const waiting = [...checks];
  const results: CheckResult[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = Date.now();
      const { ok, output } = await runCheck(project, check);
      console.log(`${ok ? "✓" : "✗"} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (!ok) console.log(output.trimEnd());
      results.push({ name: check.name, ok });
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

function runCheck(project: string, { program, args }: Check): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const script = typeof program === "string" ? join(project, program) : programOf(project, ...program);
    const child = spawn(process.execPath, [script, ...args], {
      cwd: project,
      env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: "1" } : process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (status) => resolve({ ok: status === 0, output }));
  });
}
