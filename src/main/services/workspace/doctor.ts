/** Checks a workspace: each check examines one aspect, reports findings, and repairs them on request. */
import { CancelledError } from "../../../contract/domain/errors.ts";
import type {
  HealthOptions,
  StoredItem,
  WorkspaceCheck,
  WorkspaceFinding,
  WorkspaceHealth,
} from "../../../contract/domain/integrity.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { Check, CheckParts } from "./check.ts";
import { backupCheck } from "./checks/backups.ts";
import { databaseCheck } from "./checks/database.ts";
import { folderCheck } from "./checks/folders.ts";
import { hashCheck } from "./checks/hashes.ts";
import { leftoverCheck } from "./checks/leftovers.ts";
import { locationCheck } from "./checks/location.ts";
import { rightsCheck } from "./checks/rights.ts";
import { spaceCheck } from "./checks/space.ts";

const checks: readonly Check[] = [
  databaseCheck,
  backupCheck,
  folderCheck,
  hashCheck,
  spaceCheck,
  rightsCheck,
  locationCheck,
  leftoverCheck,
];

export class Doctor {
  readonly #parts: Pick<CheckParts, "workspace" | "backups" | "bin" | "verifier">;
  #latest: WorkspaceHealth | null = null;

  constructor(parts: Pick<CheckParts, "workspace" | "backups" | "bin" | "verifier">) {
    this.#parts = parts;
  }

  /** Findings of the last check; null before the first. */
  get latest(): WorkspaceHealth | null {
    return this.#latest;
  }

  /** Removes findings on an item whose files were made again. */
  forget({ kind, id }: StoredItem): void {
    if (this.#latest === null) return;
    const concerns = ({ item }: WorkspaceFinding): boolean => item?.kind === kind && item.id === id;
    const checks = this.#latest.checks.map((check) => {
      return { ...check, findings: check.findings.filter((finding) => !concerns(finding)) };
    });
    this.#latest = { ...this.#latest, checks };
  }

  /**
   * Checks the workspace; with `repair`, repairs findings and reports the remaining ones.
   * @throws CancelledError
   */
  async check(
    { hashes, repair }: HealthOptions,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<WorkspaceHealth> {
    const parts = { ...this.#parts, ...watch, hashes };
    const done: WorkspaceCheck[] = [];
    for (const [number, check] of checks.entries()) {
      watch.progress({ stage: "Checking the workspace", done: number, total: checks.length, unit: "checks" });
      if (watch.signal.aborted) throw new CancelledError();
      let result = await check.run(parts);
      const repairs = result.findings.flatMap((finding) => finding.repair ?? []);
      if (repair && repairs.length > 0) {
        for (const each of repairs) await each();
        result = await check.run(parts);
      }
      const findings = result.findings.map(({ repair: mends, ...finding }): WorkspaceFinding => {
        return { ...finding, repairable: mends !== undefined };
      });
      done.push({ name: check.name, title: check.title, summary: result.summary, findings });
    }
    this.#latest = { checks: done, hashes, checkedAt: new Date().toISOString() };
    return this.#latest;
  }
}
