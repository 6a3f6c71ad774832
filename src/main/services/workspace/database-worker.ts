/** Starts the worker thread that reads the whole database, for the duration of one task. */
import { entryPoint } from "../../entry-points.ts";
import type { DatabaseTasks } from "../../workers/database-tasks.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";

export async function withDatabaseWorker<T>(work: (worker: WorkerPool<DatabaseTasks>) => Promise<T>): Promise<T> {
  const pool = new WorkerPool<DatabaseTasks>(entryPoint("database-worker"), 1);
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
