/** Settings checked by their schema, from any source: the command line, the window or a file. */
import type { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * Returns the parsed settings, with defaults filled in.
 * @param command command whose help describes the settings
 * @throws EctopyError `invalid-settings`, which names the first invalid setting
 */
export function checkSettings<Settings>(schema: z.ZodType<Settings>, settings: Settings, command: string): Settings {
  const checked = schema.safeParse(settings);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new EctopyError(
    "invalid-settings",
    `The setting ${where} is invalid: ${issue?.message ?? "unknown"}.`,
    `\`ectopy ${command} --help\` describes the settings.`,
  );
}
