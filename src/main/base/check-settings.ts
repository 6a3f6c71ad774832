/** Settings checked by their schema, from any source: the command line, the window or a file. */
import type { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * Returns the parsed settings, with defaults filled in.
 * @param command command whose help describes the settings
 * @param problemOf says which number is outside of the range of new settings (contract/settings/setting-table.ts)
 * @throws EctopyError `invalid-settings`, which names the first invalid setting
 */
export function checkSettings<Settings>(
  schema: z.ZodType<Settings>,
  settings: Settings,
  command: string,
  problemOf: (settings: Settings) => string | null = () => null,
): Settings {
  const checked = schema.safeParse(settings);
  if (checked.success) {
    const problem = problemOf(checked.data);
    if (problem === null) return checked.data;
    throw new EctopyError("invalid-settings", problem, "Change the setting, and try again.");
  }
  const [issue] = checked.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new EctopyError(
    "invalid-settings",
    `${where === "" ? "The settings are" : `The setting ${where} is`} invalid: ${issue?.message ?? "unknown"}.`,
    `\`ectopy ${command} --help\` describes the settings.`,
  );
}
