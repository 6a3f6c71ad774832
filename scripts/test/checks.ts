/** The static checks: types, eslint, refused phrases, format, and imports between layers. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../setup/cache.mjs";
import { programOf } from "../setup/tools.mjs";
import type { CheckPart } from "./choice.ts";
import { hashesWithImports, hashOf, PassedResults, projectFiles } from "./passed-files.ts";
import type { CheckResult } from "./tally.ts";

export interface Check {
  part: CheckPart;
  name: string;
  /** A package and its program, or the path of a script in the project. */
  program: [string, string] | string;
  args: string[];
  /** Where all files passed before, the check is left out. */
  remember?: {
    /** Name of the results. */
    as: string;
    /** Returns the files that the check would find, each with a hash of everything that the check reads for it. */
    hashes: (project: string) => Map<string, string>;
    /** Arguments in front of changed files, in place of `args`, if the check looks at each file by itself. */
    args?: string[];
  };
}

interface Ended {
  ok: boolean;
  output: string;
}

/** With more changed files than these, the check looks at all: a command line has a limit. */
const MAX_NAMED_FILES = 300;

export function staticChecks(project: string): Check[] {
  const types = (program: [string, string], config: string, included: RegExp): Check => ({
    part: "types",
    name: `types: ${config}`,
    program,
    args: ["-p", config],
    remember: { as: config.replace(/\.json$/, ""), hashes: (folder) => hashOfAll(folder, included) },
  });
  const checks: Check[] = [
    types(["typescript", "tsc"], "tsconfig.pure.json", /^src\/(?:contract|pipeline)\//),
    types(["typescript", "tsc"], "tsconfig.node.json", /^(?:src\/(?!renderer\/|preload\/)|(?!src\/).)/),
    types(["typescript", "tsc"], "tsconfig.preload.json", /^src\/(?:contract|preload)\//),
    types(["vue-tsc", "vue-tsc"], "tsconfig.renderer.json", /^src\/(?:contract|renderer)\//),
    {
      part: "lint",
      name: "lint: eslint",
      program: ["eslint", "eslint"],
      args: ["."],
      remember: { as: "eslint", args: ["--no-warn-ignored"], hashes: typedHashes },
    },
    { part: "lint", name: "lint: phrases", program: "scripts/test/phrases.ts", args: [] },
    {
      part: "format",
      name: "format: prettier",
      program: ["prettier", "prettier"],
      args: ["--check", "."],
      remember: { as: "prettier", args: ["--check", "--ignore-unknown"], hashes: formatHashes },
    },
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
      remember: { as: "dependency-cruiser", hashes: (folder) => hashOfAll(folder, /^/) },
    });
  }
  return checks;
}

/**
 * Types decide what eslint finds: a file's hash covers its imports, the packages, the global types, and the settings of
 * the checks.
 */
function typedHashes(project: string): Map<string, string> {
  const all = projectFiles(project);
  const settings = /^(?:eslint\.config\.mjs|\.dependency-cruiser\.cjs|tsconfig.*\.json|package(?:-lock)?\.json)$/;
  const common = all.filter((path) => path.endsWith(".d.ts") || settings.test(path));
  const shared = hashOf(process.version, ...common.map((path) => readFileSync(join(project, path))));
  const files = all.filter((path) => /\.(?:[cm]?ts|[cm]?js|vue)$/.test(path));
  return new Map([...hashesWithImports(project, files)].map(([file, hash]) => [file, hashOf(shared, hash)]));
}

/** One hash for a check that looks at all files together: a missing file could change its result too. */
function hashOfAll(project: string, included: RegExp): Map<string, string> {
  const hashes = [...typedHashes(project)].filter(([path]) => included.test(path));
  return new Map([["all files", hashOf(...hashes.flat())]]);
}

function formatHashes(project: string): Map<string, string> {
  const all = projectFiles(project);
  const common = [".prettierrc.json", ".prettierignore", ".editorconfig", "package-lock.json"];
  const shared = hashOf(...common.map((path) => readFileSync(join(project, path))));
  return new Map(all.map((file) => [file, hashOf(shared, file, readFileSync(join(project, file)))]));
}

/**
 * Runs the checks, and prints a line for each, with its output where it failed.
 * @param besideTests one at a time, in the time that tests leave; without tests, two at a time
 */
export async function runChecks(project: string, checks: Check[], besideTests: boolean): Promise<CheckResult[]> {
  const waiting = [...checks];
  const results: CheckResult[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = Date.now();
      const { ok, output } = await runCheck(project, check, besideTests);
      console.log(`${ok ? "✓" : "✗"} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (!ok) console.log(output.trimEnd());
      results.push({ name: check.name, ok });
    }
  };
  await Promise.all(besideTests ? [worker()] : [worker(), worker()]);
  return results;
}

/** Runs a check unless all files passed it; where it looks at each file by itself, on the others alone. */
async function runCheck(project: string, check: Check, besideTests: boolean): Promise<Ended> {
  const { remember } = check;
  if (remember === undefined) return runProgram(project, check, besideTests);
  const results = new PassedResults(join(cacheFolder(project), "checks", remember.as));
  const hashes = remember.hashes(project);
  const changed = [...hashes.keys()].filter((file) => !results.has(hashes.get(file)!));
  if (changed.length === 0) return { ok: true, output: "" };
  const named = remember.args !== undefined && changed.length <= MAX_NAMED_FILES;
  const args = named ? [...remember.args!, ...changed] : check.args;
  const ended = await runProgram(project, { ...check, args }, besideTests);
  if (ended.ok) results.add([...hashes.values()]);
  return ended;
}

function runProgram(project: string, { program, args }: Check, besideTests: boolean): Promise<Ended> {
  return new Promise((resolve) => {
    const script = typeof program === "string" ? join(project, program) : programOf(project, ...program);
    const child = spawn(process.execPath, [script, ...args], {
      cwd: project,
      env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: "1" } : process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (besideTests && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (status) => resolve({ ok: status === 0, output }));
  });
}
