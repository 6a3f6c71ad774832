import { describe, expect, it } from "vitest";
import { checkParts, chooseParts, vitestProjects } from "./choice.ts";

describe("chooseParts", () => {
  it("chooses everything without arguments", () => {
    expect(chooseParts([])).toEqual({ checks: [...checkParts], projects: [...vitestProjects], filters: [] });
  });

  it("chooses the named parts and no others", () => {
    expect(chooseParts(["unit", "lint"])).toEqual({ checks: ["lint"], projects: ["unit"], filters: [] });
  });

  it("chooses Windows only where it is named", () => {
    expect(chooseParts([]).projects).not.toContain("windows");
    expect(chooseParts(["smote"]).projects).not.toContain("windows");
    expect(chooseParts(["windows"])).toEqual({ checks: [], projects: ["windows"], filters: [] });
  });

  it("passes other arguments to vitest as filters", () => {
    expect(chooseParts(["smote"])).toEqual({ checks: [], projects: [...vitestProjects], filters: ["smote"] });
    expect(chooseParts(["unit", "smote"])).toEqual({ checks: [], projects: ["unit"], filters: ["smote"] });
  });
});
