/** Jobs in the database: their start and their end. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { JobKind, JobSnapshot, JobState } from "../../contract/domain/jobs.ts";
import type { Connection } from "./database.ts";
import { parseNullableColumn } from "./json-column.ts";
import { errorSchema } from "./stored-schemas.ts";

export type StoredJob = Pick<
  JobSnapshot,
  "id" | "kind" | "title" | "state" | "startedAt" | "finishedAt" | "error" | "subject"
>;

/** Ended jobs that are kept; older ones are deleted. */
const MAX_ENDED_JOBS = 100;

export class JobStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  begin(job: { kind: JobKind; title: string; startedAt: string }): number {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO jobs (kind, title, state, started_at) VALUES (@kind, @title, 'running', @startedAt)")
      .run(job);
    this.#database
      .prepare("DELETE FROM jobs WHERE state <> 'running' AND id NOT IN (SELECT id FROM jobs ORDER BY id DESC LIMIT ?)")
      .run(MAX_ENDED_JOBS);
    return Number(lastInsertRowid);
  }

  end(id: number, end: { state: JobState; error: ErrorReport | null; subject: number | null; at: string }): void {
    this.#database
      .prepare("UPDATE jobs SET state = @state, error = @error, subject = @subject, finished_at = @at WHERE id = @id")
      .run({ ...end, id, error: end.error && JSON.stringify(end.error) });
  }

  /** Marks the jobs that an ended process left running as interrupted. */
  markInterrupted(at: string): void {
    this.#database.prepare("UPDATE jobs SET state = 'interrupted', finished_at = ? WHERE state = 'running'").run(at);
  }

  remove(id: number): void {
    this.#database.prepare("DELETE FROM jobs WHERE id = ? AND state <> 'running'").run(id);
  }

  /** Returns the ended jobs, newest first. @throws EctopyError `damaged-file` */
  ended(): StoredJob[] {
    return this.#database
      .prepare<[], Omit<StoredJob, "error"> & { error: string | null }>(
        `SELECT id, kind, title, state, started_at AS startedAt, finished_at AS finishedAt, error, subject
         FROM jobs WHERE state <> 'running' ORDER BY id DESC`,
      )
      .all()
      .map((row) => ({ ...row, error: parseNullableColumn(errorSchema, row.error, `the error of job ${row.id}`) }));
  }
}
