import { describe, expect, it } from "vitest";
import { testNeeds } from "./test-needs.mjs";
import { checkParts, vitestProjects } from "./test/choice.ts";

describe("testNeeds", () => {
  it.each([[["unit"]], [["unit", "smote"]], [["types", "lint", "format", "layers", "components"]]])(
    "asks for the packages alone: %j",
    (args) => {
      expect(testNeeds(args)).toEqual(["packages", "node"]);
    },
  );

  it("adds the steps of each named part, once", () => {
    expect(testNeeds(["integration"])).toEqual(["packages", "node", "tensorflow", "kernels"]);
    expect(testNeeds(["unit", "interop", "e2e"])).toEqual([
      "packages",
      "node",
      "tensorflow",
      "kernels",
      "python",
      "browser",
    ]);
  });

  it("asks for Wine only where Windows is tested", () => {
    expect(testNeeds(["windows"])).toEqual(["packages", "node", "kernels", "windows"]);
    expect(testNeeds([])).not.toContain("windows");
  });

  it.each([[[]], [["smote"]], [[...checkParts, ...vitestProjects]]])(
    "asks for everything where all parts may run: %j",
    (args) => {
      expect(testNeeds(args)).toHaveLength(6);
    },
  );
});
