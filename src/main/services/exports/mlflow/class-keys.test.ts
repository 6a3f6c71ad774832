import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classKeys } from "./class-keys.ts";

describe("classKeys", () => {
  it("leaves most labels as they are, and sets small letters apart from large ones", () => {
    expect(classKeys(["N", "V", "A", "a", "/", "SVEB"])).toEqual(["N", "V", "A", "a-small", "x2f", "SVEB"]);
    // The same whether or not the other is there: runs are compared by these names.
    expect(classKeys(["a"])).toEqual(["a-small"]);
  });

  it("gives every label a unique key that MLflow accepts, also where case is ignored", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }), { maxLength: 20 }),
        (labels) => {
          const keys = classKeys(labels);
          expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(labels.length);
          // `_validate_metric_name` of MLflow on Windows, where it is strictest, without what it takes for a path.
          for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]+$/);
        },
      ),
    );
  });
});
