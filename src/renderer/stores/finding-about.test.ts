import { expect, it } from "vitest";
import type { WorkspaceHealth } from "../../contract/domain/integrity.ts";
import { findingAbout } from "./finding-about.ts";

const finding = { severity: "problem", message: "Preparation 2 is damaged.", fix: "", repairable: false } as const;
const health: WorkspaceHealth = {
  checks: [
    { name: "database", title: "Database", summary: "", findings: [{ ...finding, message: "Of no item." }] },
    {
      name: "hashes",
      title: "Stored files",
      summary: "",
      findings: [{ ...finding, item: { kind: "preparations", id: 2 } }],
    },
  ],
  hashes: true,
  checkedAt: "2026-11-29T12:00:00.000Z",
};

it("finds the finding about an item, and none about items with the same kind or number alone", () => {
  expect(findingAbout(health, { kind: "preparations", id: 2 })?.message).toBe("Preparation 2 is damaged.");
  expect(findingAbout(health, { kind: "preparations", id: 1 })).toBeNull();
  expect(findingAbout(health, { kind: "datasets", id: 2 })).toBeNull();
});

it("finds nothing before the first check", () => {
  expect(findingAbout(null, { kind: "preparations", id: 2 })).toBeNull();
});
