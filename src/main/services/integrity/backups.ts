/** Backs up the workspace's database after each run and on a timer, in a thread of its own, where it has changed. */
import { join } from "node:path";
import { reportError } from "../../../contract/errors.ts";
import { BACKUPS_FOLDER, backupName, listBackups } from "../../store/backups.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withDatabaseWorker } from "./database-worker.ts";

/** The longest that a change of the database stays without a backup, while Ectopy is running. */
export const BACKUP_INTERVAL_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

export class BackupService {
  readonly #workspace: Workspace;
  readonly #warn: (message: string) => void;
  /** Changes of the database at the time of the last backup. */
  #backedUp: number;
  #requestedAt = 0;
  #pending: Promise<void> = Promise.resolve();
  #queued = false;

  constructor(workspace: Workspace, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#warn = warn;
    this.#backedUp = workspace.changes();
  }

  get folder(): string {
    return join(this.#workspace.folder, BACKUPS_FOLDER);
  }

  /** Makes a backup in the background, unless nothing has changed since the last one. */
  request(): void {
    this.#requestedAt = Date.now();
    if (this.#queued || this.#workspace.changes() === this.#backedUp) return;
    this.#enqueue();
  }

  /** Requests a backup where the last request is long ago. */
  requestIfDue(): void {
    if (Date.now() - this.#requestedAt >= BACKUP_INTERVAL_MS) this.request();
  }

  /** Makes a backup where the newest is a day old: of what other processes stored before. */
  requestDaily(): void {
    const [newest] = listBackups(this.folder);
    const old = newest === undefined || Date.now() - newest.madeAt.getTime() > DAY_MS;
    if (old && this.#workspace.datasets.list().length > 0) this.#enqueue();
  }

  /** Resolves when no backup is being made. */
  settled(): Promise<void> {
    return this.#pending;
  }

  #enqueue(): void {
    this.#queued = true;
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
