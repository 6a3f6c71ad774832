/**
 * The whole test run: static checks and vitest, side by side. The last line counts all of it:
 * `N passed, N failed, N skipped`.
 *
 * Arguments after `npm test --` choose parts (types, lint, format, layers, unit, components, integration, interop,
 * webassembly, e2e, recordings, reliability, machines; windows, which only runs where it is named); other arguments are
 * vitest's filters on paths of test files. Each static check counts as one.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChecks, staticChecks } from "./test/checks.ts";
import { chooseParts } from "./test/choice.ts";
import { addTallies, emptyTally, lastLine, tallyChecks, tallyVitest, type VitestReport } from "./test/tally.ts";
import { programOf } from "./setup/tools.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const choice = chooseParts(process.argv.slice(2));

const checks = staticChecks(project).filter(({ part }) => choice.checks.includes(part));
const besideTests = choice.projects.length > 0;
const checking = runChecks(project, checks, besideTests);
const tested = besideTests ? await runVitest(choice.projects, choice.filters) : emptyTally();
const tally = addTallies(tallyChecks(await checking), tested);

if (tally.skipped.length > 0) {
  console.log("\nSkipped:");
  for (const { name, reason } of tally.skipped) console.log(`  ${name}\n    ${reason}`);
}
if (tally.failed.length > 0) {
  console.log("\nFailed:");
  for (const name of tally.failed) console.log(`  ${name}`);
}
console.log(`\n${lastLine(tally)}`);
process.exitCode = tally.failed.length > 0 || tally.passed === 0 ? 1 : 0;

/** Runs vitest in a child process, so that its crash counts as a failure instead of ending this run. */
async function runVitest(projects: string[], filters: string[]): Promise<typeof tally> {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-test-"));
  const reportFile = join(folder, "report.json");
  const args = [
    programOf(project, "vitest", "vitest"),
    "run",
    ...projects.map((name) => `--project=${name}`),
    "--reporter=default",
    `--reporter=${join(project, "scripts", "test", "vitest-reporter.ts")}`,
    ...filters,
  ];
  try {
    const status = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, args, {
        cwd: project,
        env: { ...process.env, ECTOPY_TEST_REPORT: reportFile },
        stdio: "inherit",
      });
      child.on("error", (error) => resolve(error.message));
      child.on("exit", (code, signal) => resolve(signal === null ? `status ${code}` : `signal ${signal}`));
    });
    return tallyVitest(readReport(reportFile), status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as VitestReport;
  } catch {
    return undefined; // vitest crashed before it could write one
  }
}
