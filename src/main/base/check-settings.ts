/** Settings as their schema has them, whoever gives them: the command line, the window or a file. */
import type { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * @param command whose help says what each setting takes
 * @throws EctopyError `invalid-settings` naming the first setting that does not fit
 */
export function checkSettings<Settings>(schema: z.ZodType<Settings>, settings: Settings, command: string): Settings {
  const checked = schema.safeParse(settings);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new EctopyError(
    "invalid-settings",
    `The setting ${where} does not fit: ${issue?.message ?? "unknown"}.`,
    `\`ectopy ${command} --help\` lists what each takes.`,
  );
}
