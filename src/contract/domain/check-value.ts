/** Checks values that come from outside against a schema, whatever they are. */
import type { z } from "zod";

export type CheckedValue<T> =
  | { success: true; data: T; error?: undefined }
  | { success: false; data?: undefined; error: { issues: z.core.$ZodIssue[] } };

/**
 * Checks as `schema.safeParse` does, which throws for some values: zod compares the length of what it expects to be a text before it
 * knows that it is one, and an object may have any `length`.
 */
export function checkValue<Schema extends z.ZodType>(schema: Schema, value: unknown): CheckedValue<z.output<Schema>> {
  try {
    const { success, data, error } = schema.safeParse(value);
    return success ? { success, data } : { success, error };
  } catch {
    const message = "an object stands where a text should be";
    return { success: false, error: { issues: [{ code: "custom", path: [], message, input: value }] } };
  }
}
