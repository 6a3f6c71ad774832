/** Executors of the settings, by their names. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";

/** @throws EctopyError `not-found`: no executor has the name */
export function findExecutor(executors: readonly Executor[], name: string): Executor {
  const found = executors.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new EctopyError(
    "not-found",
    `There is no executor ${name}.`,
    executors.length === 0 ? "Add one first." : `There are: ${executors.map((each) => each.name).join(", ")}.`,
  );
}
