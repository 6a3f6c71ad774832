/** Answers one call: checks the method's name and its arguments, and returns errors as reports. */
import type { z } from "zod";
import { checkValue } from "../../contract/domain/check-value.ts";
import { EctopyError, reportError } from "../../contract/domain/errors.ts";
import type { Reply } from "../../contract/api/messages.ts";
import type { MethodName } from "../../contract/api/method-names.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../../contract/text/shorten.ts";
import { methods } from "../../contract/api/methods.ts";
import { logger } from "../base/logger.ts";
import type { Handlers } from "./handlers/handler-context.ts";

const bugs = logger("api");

/** @param log receives the trace of a fault in Ectopy */
export async function answer(
  handlers: Handlers,
  name: unknown,
  args: unknown,
  log: (trace: string) => void,
): Promise<Reply> {
  try {
    if (!isMethodName(name)) {
      const shown = typeof name === "string" ? shortened(JSON.stringify(name), MAX_QUOTED_LENGTH) : "without a name";
      throw new EctopyError("damaged-message", `There is no method ${shown}.`, "Load the page again.");
    }
    const checked = checkValue<z.ZodType>(methods[name].schema, args);
    if (!checked.success) throw refused(name, checked.error.issues[0]);
    // Checked by the schema of the method.
    const handler = handlers[name] as (args: unknown) => unknown;
    return { ok: true, value: await handler(checked.data) };
  } catch (error) {
    const report = reportError(error);
    if (report.code === "bug") bugs.error(`${isMethodName(name) ? name : "An unknown method"} failed`, error);
    if (report.code === "bug") log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { ok: false, error: report };
  }
}

function isMethodName(name: unknown): name is MethodName {
  return typeof name === "string" && Object.hasOwn(methods, name);
}

function refused(name: string, issue: { path: PropertyKey[]; message: string } | undefined): EctopyError {
  // Path and message may repeat keys of the arguments.
  const where = shortened(issue?.path.map(String).join(".") ?? "", MAX_QUOTED_LENGTH);
  const why = shortened(issue?.message ?? "unknown", MAX_QUOTED_LENGTH);
  return new EctopyError(
    "invalid-settings",
    `${where === "" ? `The arguments of ${name} are` : `The value of ${where} is`} invalid: ${why}.`,
    "Change it and try again.",
  );
}
