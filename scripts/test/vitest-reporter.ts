/**
 * A vitest reporter that writes each test's state, with the reason where it was skipped, to $ECTOPY_TEST_REPORT. It
 * stores the seconds of each file for the order of the next run.
 */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule, TestSuite } from "vitest/node";
import { storeFileSeconds } from "./longest-first.ts";
import type { VitestReport } from "./tally.ts";

export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string }[]): void {
    const path = process.env.ECTOPY_TEST_REPORT;
    if (path === undefined) return;
    const report: VitestReport = { tests: [], errors: [] };
    for (const module of modules) {
      const file = `${module.project.name} ${module.relativeModuleId}`;
      if (module.errors().length > 0) report.errors.push(`${file} (the file itself)`);
      if (module.children.size === 0 && module.errors().length === 0) report.errors.push(`${file} (holds no test)`);
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) report.errors.push(`${file} > ${suite.fullName} (before or after its tests)`);
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        const note = result.state === "skipped" ? (result.note ?? noteOf(test.parent)) : undefined;
        const entry = { name: `${file} > ${test.fullName}`, state: result.state };
        report.tests.push(note === undefined ? entry : { ...entry, note });
      }
    }
    for (const error of unhandled) report.errors.push(`outside of any test: ${error.message ?? "unknown error"}`);
    writeFileSync(path, JSON.stringify(report));
    const passed = modules.filter((module) => module.state() === "passed");
    storeFileSeconds(Object.fromEntries(passed.map((module) => [module.relativeModuleId, secondsOf(module)])));
  }
}

function secondsOf(module: TestModule): number {
  const { environmentSetupDuration, collectDuration, setupDuration, duration } = module.diagnostic();
  return (environmentSetupDuration + collectDuration + setupDuration + duration) / 1000;
}

/** Returns why a whole suite was skipped, which its title must say. */
function noteOf(parent: TestSuite | TestModule): string | undefined {
  return parent.type === "suite" && parent.options.mode === "skip"
    ? `its suite "${parent.name}" is skipped`
    : undefined;
}
