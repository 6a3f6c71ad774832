import { describe, expect, it } from "vitest";
import type { WorkspaceCheck, WorkspaceFinding, WorkspaceHealth } from "../../../contract/domain/integrity.ts";
import { repairableOf, summaryOf, verdictOf } from "./health-text.ts";

const problem: WorkspaceFinding = { severity: "problem", message: "Lost.", fix: "Import it.", repairable: false };
const advice: WorkspaceFinding = { severity: "advice", message: "Left over.", fix: "Delete it.", repairable: true };

function check(name: WorkspaceCheck["name"], ...findings: WorkspaceFinding[]): WorkspaceCheck {
  return { name, title: "Title", summary: "Summary.", findings };
}
function health(checks: WorkspaceCheck[], hashes = true): WorkspaceHealth {
  return { checks, hashes, checkedAt: "2026-11-29T12:00:00.000Z" };
}

describe("verdictOf", () => {
  it("is the severity of the worst finding", () => {
    const all = health([]);
    expect(verdictOf(check("folders"), all)).toBe("sound");
    expect(verdictOf(check("folders", advice), all)).toBe("advice");
    expect(verdictOf(check("folders", advice, problem), all)).toBe("problem");
  });

  it("is “skipped” for files that were not compared with their hashes", () => {
    expect(verdictOf(check("hashes"), health([], false))).toBe("skipped");
    expect(verdictOf(check("hashes"), health([], true))).toBe("sound");
    expect(verdictOf(check("folders"), health([], false))).toBe("sound");
  });
});

it("lists the repairable findings of all checks", () => {
  expect(repairableOf(health([check("folders", problem, advice), check("leftovers", advice)]))).toEqual([
    advice,
    advice,
  ]);
});

it("counts problems and recommendations separately", () => {
  expect(summaryOf(health([check("folders")]))).toMatch(/^Checked 29 Nov 2026, \d\d:\d\d: no problems\.$/);
  expect(summaryOf(health([check("folders", problem)]))).toMatch(/: 1 problem\.$/);
  expect(summaryOf(health([check("folders", problem, advice), check("leftovers", advice)]))).toMatch(
    /: 1 problem, 2 recommendations\.$/,
  );
});
