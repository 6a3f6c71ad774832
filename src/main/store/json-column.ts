/** JSON columns of the database: parsed by their schema, so that a damaged value is an error that names its row. */
import type { ZodType } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * Parses the JSON of a column.
 * @param value names the value for an error, such as `the settings of run 12`
 * @throws EctopyError `damaged-file` if the text is no JSON, or does not match the schema
 */
export function parseColumn<Value>(schema: ZodType<Value>, text: string, value: string): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EctopyError(
      "damaged-file",
      `The workspace database is damaged: ${value} cannot be read.`,
      "Run `ectopy doctor`: it lists the damage, and how to restore a backup.",
      { cause },
    );
  }
}

/** Parses the JSON of a column that may be empty. @throws EctopyError as {@link parseColumn} */
export function parseNullableColumn<Value>(schema: ZodType<Value>, text: string | null, value: string): Value | null {
  return text === null ? null : parseColumn(schema, text, value);
}
