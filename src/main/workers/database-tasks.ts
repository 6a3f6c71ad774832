/**
 * Tasks of the worker thread that reads the complete database of the workspace, so that the calling thread stays
 * responsive.
 */

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type DatabaseTasks = {
  /** Makes a backup under a name and reads it back; backups beyond the limits are removed. */
  backup: { input: { database: string; folder: string; name: string }; output: void };
  /** Reads every page, index and constraint; returns SQLite's message on each fault, at most 100. */
  check: { input: { database: string }; output: string[] };
  /** Reads every backup in a folder; returns the names of the damaged ones. */
  checkBackups: { input: { folder: string }; output: string[] };
};
