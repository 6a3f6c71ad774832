import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkValue } from "./check-value.ts";

const schema = z.strictObject({ name: z.string().min(1).max(10) });
const deep = JSON.parse("[".repeat(50_000) + "]".repeat(50_000)) as unknown;

describe("checkValue", () => {
  it("returns the parsed value, or the issues", () => {
    expect(checkValue(schema, { name: "a" })).toEqual({ success: true, data: { name: "a" } });
    expect(checkValue(schema, { name: "" }).error?.issues[0].path).toEqual(["name"]);
  });

  it.each([{ toString: null }, deep])("refuses an object instead of text, whatever its `length`", (length) => {
    const { success, error } = checkValue(schema, { name: { length } });
    expect(success).toBe(false);
    expect(error?.issues[0].message).toBe("expected text, found an object");
  });
});
