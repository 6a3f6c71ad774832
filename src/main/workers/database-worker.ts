/** Worker thread that backs up and checks the workspace's database: reading 300 MB takes 1 s. */
import Database from "better-sqlite3";
import { listBackups, makeBackup } from "../store/backups.ts";
import { BUSY_TIMEOUT_MS, isGoodBackup } from "../store/database-check.ts";
import type { DatabaseTasks } from "./database-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

const handlers: TaskHandlers<DatabaseTasks> = {
  backup({ database, folder, name }) {
    withDatabase(database, (connection) => makeBackup(connection, folder, name));
  },

  check({ database }) {
    return withDatabase(database, (connection) => {
      const faults = connection.pragma("integrity_check(100)") as { integrity_check: string }[];
      const broken = connection.pragma("foreign_key_check") as { table: string; rowid: number; parent: string }[];
      return [
        ...faults.map(({ integrity_check }) => integrity_check).filter((message) => message !== "ok"),
        ...broken.slice(0, 100).map(({ table, rowid, parent }) => `${table} ${rowid} refers to no row of ${parent}`),
      ];
    });
  },

  checkBackups({ folder }) {
    return listBackups(folder)
      .filter(({ path }) => !isGoodBackup(path))
      .map(({ name }) => name);
  },
};

serveTasks(handlers);

function withDatabase<T>(path: string, read: (connection: Database.Database) => T): T {
  const connection = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return read(connection);
  } finally {
    connection.close();
  }
}
