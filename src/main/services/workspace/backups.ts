/** Backs up a changed database after each run and on a timer, in a worker thread. */
import { join } from "node:path";
import { reportError } from "../../../contract/domain/errors.ts";
import { BACKUPS_FOLDER, backupName, listBackups } from "../../store/backups.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withDatabaseWorker } from "./database-worker.ts";

/** Longest time that a change of the database stays without a backup, while Ectopy is running. */
export const BACKUP_INTERVAL_MS = 15 * 60_000;
/** Runs that end within seconds of each other share a backup. */
const MIN_INTERVAL_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export class BackupService {
  readonly #workspace: Workspace;
  readonly #warn: (message: string) => void;
  /** Changes of the database at the time of the last backup. */
  #backedUp: number;
  #madeAt = 0;
  #pending: Promise<void> = Promise.resolve();
  #queued = false;
  /** Whether a request came so soon after the last backup that it was delayed. */
  #delayed = false;

  constructor(workspace: Workspace, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#warn = warn;
    this.#backedUp = workspace.changes();
  }

  get folder(): string {
    return join(this.#workspace.folder, BACKUPS_FOLDER);
  }

  /** Makes a backup in the background, unless nothing has changed since the last one; within a minute of it, later. */
  request(): void {
    if (this.#queued || this.#workspace.changes() === this.#backedUp) return;
    this.#delayed = Date.now() - this.#madeAt < MIN_INTERVAL_MS;
    if (!this.#delayed) this.#enqueue();
  }

  /** Makes a delayed backup, and a new one where the last is {@link BACKUP_INTERVAL_MS} old. */
  requestIfDue(): void {
    if (this.#delayed || Date.now() - this.#madeAt >= BACKUP_INTERVAL_MS) this.request();
  }

  /** Makes a backup where the newest is a day old, of changes that other processes stored. */
  requestDaily(): void {
    const [newest] = listBackups(this.folder);
    const old = newest === undefined || Date.now() - newest.madeAt.getTime() > DAY_MS;
    if (old && this.#workspace.datasets.list().length > 0) this.#enqueue();
  }

  /** Makes a delayed backup, and resolves when no backup is running. */
  settled(): Promise<void> {
    if (this.#delayed) this.#enqueue();
    return this.#pending;
  }

  #enqueue(): void {
    this.#queued = true;
    this.#delayed = false;
    this.#madeAt = Date.now();
    this.#pending = this.#pending.then(() => this.#make());
  }

  async #make(): Promise<void> {
    this.#queued = false;
    try {
      this.#backedUp = this.#workspace.changes();
      const input = { database: this.#workspace.databasePath, folder: this.folder, name: backupName(new Date()) };
      await withDatabaseWorker((worker) => worker.run("backup", input));
    } catch (error) {
      this.#backedUp = -1;
      this.#warn(`No backup of the database could be made: ${reportError(error).message}`);
    }
  }
}
