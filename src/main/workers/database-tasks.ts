/** The tasks of the worker thread that reads the workspace's database whole, beside the thread that answers. */

// A type, not an interface: only a type's properties are known to fit a record of tasks.
export type DatabaseTasks = {
  /** Makes a backup under a name and reads it back; old ones are removed. */
  backup: { input: { database: string; folder: string; name: string }; output: void };
  /** Reads every page, index and constraint; gives SQLite's own words on each fault, at most a hundred. */
  check: { input: { database: string }; output: string[] };
  /** Reads every backup in a folder; gives the names of those that are no good. */
  checkBackups: { input: { folder: string }; output: string[] };
};
