import { describe, expect, it } from "vitest";
import { checkParts, chooseParts, vitestProjects } from "./choice.ts";

describe("chooseParts", () => {
  it("takes everything where nothing is said", () => {
    expect(chooseParts([])).toEqual({ checks: [...checkParts], projects: [...vitestProjects], filters: [] });
  });

  it("takes the parts that are named, and no others", () => {
    expect(chooseParts(["unit", "lint"])).toEqual({ checks: ["lint"], projects: ["unit"], filters: [] });
  });

  it("passes other words to vitest as filters", () => {
    expect(chooseParts(["smote"])).toEqual({ checks: [], projects: [...vitestProjects], filters: ["smote"] });
    expect(chooseParts(["unit", "smote"])).toEqual({ checks: [], projects: ["unit"], filters: ["smote"] });
  });
});
