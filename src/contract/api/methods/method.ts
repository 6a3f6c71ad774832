/** A method of the method map, and arguments that several methods share. */
import { z } from "zod";
import type { JobSnapshot } from "../../domain/jobs.ts";

export interface Method<Schema extends z.ZodType, Answer> {
  /** Schema of the arguments. */
  schema: Schema;
  /** Never set: it carries the type of the answer. */
  answer?: Answer;
}

/** `method<Answer>()(schema)`: the type of the answer is explicit, the type of the arguments is inferred. */
export function method<Answer>() {
  return <Schema extends z.ZodType>(schema: Schema): Method<Schema, Answer> => ({ schema });
}

export const id = z.int().min(1);
export const nothing = z.strictObject({});
export const dataset = z.strictObject({ dataset: id });
export const preparation = z.strictObject({ preparation: id });
export const run = z.strictObject({ run: id });
export const experiment = z.strictObject({ experiment: id });
export const path = z.string().min(1).max(4096);
export const someRuns = z.array(id).min(1).max(100_000);

/** Answer of a method that starts a job. */
export interface StartedJob {
  job: JobSnapshot;
}
