import { describe, expect, it } from "vitest";
import { addTallies, lastLine, tallyChecks, tallyVitest } from "./tally.ts";

describe("tallyVitest", () => {
  it("counts each state, with the reasons of skipped tests", () => {
    const tally = tallyVitest(
      {
        tests: [
          { name: "a", state: "passed" },
          { name: "b", state: "failed" },
          { name: "c", state: "skipped", note: "needs Python" },
          { name: "d", state: "skipped" },
          { name: "e", state: "pending" },
        ],
        errors: ["f.test.ts (the file itself)"],
      },
      "status 1",
    );
    expect(tally).toEqual({
      passed: 1,
      failed: ["b", "e (did not end)", "f.test.ts (the file itself)"],
      skipped: [
        { name: "c", reason: "needs Python" },
        { name: "d", reason: "no reason given" },
      ],
    });
  });

  it("counts a crash, a run without tests and an unexplained status as failures", () => {
    expect(tallyVitest(undefined, "signal SIGSEGV").failed).toEqual(["vitest ended without a report (signal SIGSEGV)"]);
    expect(tallyVitest({ tests: [], errors: [] }, "status 0").failed).toEqual(["vitest found no test"]);
    const green = { tests: [{ name: "a", state: "passed" as const }], errors: [] };
    expect(tallyVitest(green, "status 0").failed).toEqual([]);
    expect(tallyVitest(green, "status 1").failed).toEqual(["vitest ended with status 1"]);
  });
});

describe("lastLine", () => {
  it("counts checks and tests together", () => {
    const checks = tallyChecks([
      { name: "types", ok: true },
      { name: "lint", ok: false },
    ]);
    const tests = tallyVitest({ tests: [{ name: "a", state: "passed" }], errors: [] }, "status 0");
    expect(lastLine(addTallies(checks, tests))).toBe("2 passed, 1 failed, 0 skipped");
  });
});
