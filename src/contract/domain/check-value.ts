/** Parses external values of any kind by a schema. */
import type { z } from "zod";

export type CheckedValue<T> =
  | { success: true; data: T; error?: undefined }
  | { success: false; data?: undefined; error: { issues: z.core.$ZodIssue[] } };

/**
 * Parses like `schema.safeParse`, but never throws. `safeParse` throws for some objects: zod compares the length of an
 * expected text before it checks its type, and an object may have any `length`.
 */
export function checkValue<Schema extends z.ZodType>(schema: Schema, value: unknown): CheckedValue<z.output<Schema>> {
  try {
    const { success, data, error } = schema.safeParse(value);
    return success ? { success, data } : { success, error };
  } catch {
    const message = "expected text, found an object";
    return { success: false, error: { issues: [{ code: "custom", path: [], message, input: value }] } };
  }
}
