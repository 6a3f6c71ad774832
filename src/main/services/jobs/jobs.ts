/**
 * Jobs: work that takes longer than a click. Each has a snapshot, reports its progress a few times a second, can be
 * cancelled, and has an end that is always stored.
 */
import { EctopyError, reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { JobKind, JobProgress, JobSnapshot, JobState, ReportProgress } from "../../../contract/domain/jobs.ts";
import { logger } from "../../base/logger.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { JobStore } from "../../store/jobs.ts";

const log = logger("jobs");

export interface JobWatch {
  progress: ReportProgress;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
  /** Sets the number of the dataset, preparation or run that the job makes, once it is known. */
  setSubject: (id: number) => void;
}

export interface JobPlan {
  kind: JobKind;
  /** Title for users: `Import of mitdb`. */
  title: string;
}

/** Least interval between two progress events of a job. */
const PROGRESS_INTERVAL_MS = 100;

interface RunningJob {
  snapshot: JobSnapshot;
  abort: AbortController;
  ended: Promise<void>;
  announcedAt: number;
  timer: NodeJS.Timeout | undefined;
}

export class JobService {
  readonly #store: JobStore;
  readonly #announce: (job: JobSnapshot) => void;
  readonly #warn: (message: string) => void;
  readonly #running = new Map<number, RunningJob>();

  /** @param announce called with each snapshot to show */
  constructor(store: JobStore, announce: (job: JobSnapshot) => void, warn: (message: string) => void) {
    this.#store = store;
    this.#announce = announce;
    this.#warn = warn;
  }

  /**
   * Starts a job, which continues after this returns.
   * @param work resolves with the number of what it made, or null
   */
  start({ kind, title }: JobPlan, work: (watch: JobWatch) => Promise<number | null>): JobSnapshot {
    const startedAt = timestamp();
    const id = this.#store.begin({ kind, title, startedAt });
    const job: RunningJob = {
      snapshot: {
        id,
        kind,
        title,
        state: "running",
        progress: null,
        startedAt,
        finishedAt: null,
        cancellable: true,
        cancelling: false,
        error: null,
        subject: null,
      },
      abort: new AbortController(),
      ended: Promise.resolve(),
      announcedAt: 0,
      timer: undefined,
    };
    log.info(`Job ${id} (${kind}) started`);
    this.#running.set(id, job);
    this.#announceNow(job);
    job.ended = this.#follow(job, work);
    return job.snapshot;
  }

  /** Returns running and ended jobs, newest first. */
  list(): JobSnapshot[] {
    const ended = this.#store.ended().map((stored) => ({
      ...stored,
      progress: null,
      cancellable: false,
      cancelling: false,
    }));
    return [...[...this.#running.values()].map(({ snapshot }) => snapshot), ...ended].sort((a, b) => b.id - a.id);
  }

  /** Cancels a job; does nothing if it has ended. @throws EctopyError `not-found` */
  cancel(id: number): void {
    const job = this.#running.get(id);
    if (!job) {
      if (this.#store.ended().some((ended) => ended.id === id)) return;
      throw new EctopyError("not-found", `There is no job ${id}.`, "Load the page again.");
    }
    job.snapshot = { ...job.snapshot, cancelling: true };
    this.#announceNow(job);
    job.abort.abort();
  }

  /** Removes an ended job from the list. */
  dismiss(id: number): void {
    this.#store.remove(id);
  }

  get running(): JobSnapshot[] {
    return [...this.#running.values()].map(({ snapshot }) => snapshot);
  }

  /** Cancels all jobs, and waits for their ends. */
  async close(): Promise<void> {
    const jobs = [...this.#running.values()];
    for (const { abort } of jobs) abort.abort();
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  async #follow(job: RunningJob, work: (watch: JobWatch) => Promise<number | null>): Promise<void> {
    const watch: JobWatch = {
      progress: (progress) => this.#progress(job, progress),
      signal: job.abort.signal,
      setSubject: (subject) => {
        job.snapshot = { ...job.snapshot, subject };
        this.#announceNow(job);
      },
    };
    try {
      const subject = await work(watch);
      this.#end(job, "done", null, subject ?? job.snapshot.subject);
      log.info(`${nameOf(job)} completed`);
    } catch (error) {
      const report = reportError(error);
      if (report.code === "cancelled") log.info(`${nameOf(job)} cancelled`);
      else log[report.code === "bug" ? "error" : "warning"](`${nameOf(job)} failed`, error);
      const cancelled = report.code === "cancelled";
      this.#end(job, cancelled ? "cancelled" : "failed", cancelled ? null : report, job.snapshot.subject);
    }
  }

  #progress(job: RunningJob, progress: JobProgress): void {
    if (job.snapshot.state !== "running") return;
    const begins = job.snapshot.progress?.stage !== progress.stage;
    job.snapshot = { ...job.snapshot, progress };
    const wait = PROGRESS_INTERVAL_MS - (performance.now() - job.announcedAt);
    if (begins || wait <= 0) this.#announceNow(job);
    // The last progress before a pause is announced too.
    else job.timer ??= setTimeout(() => this.#announceNow(job), wait);
  }

  #announceNow(job: RunningJob): void {
    clearTimeout(job.timer);
    job.timer = undefined;
    job.announcedAt = performance.now();
    this.#announce(job.snapshot);
  }

  #end(job: RunningJob, state: JobState, error: ErrorReport | null, subject: number | null): void {
    const at = timestamp();
    const { snapshot } = job;
    job.snapshot = {
      ...snapshot,
      state,
      progress: null,
      finishedAt: at,
      cancellable: false,
      cancelling: false,
      error,
      subject,
    };
    try {
      this.#store.end(snapshot.id, { state, error, subject, at });
    } catch (cause) {
      // A full disk: opening the workspace next marks it as interrupted.
      log.error(`The end of ${nameOf(job)} could not be stored`, cause);
      this.#warn(`The end of the job “${snapshot.title}” could not be stored.`);
    }
    this.#running.delete(snapshot.id);
    this.#announceNow(job);
  }
}

/** For the log: a job's title may name a patient. */
function nameOf({ snapshot: { id, kind } }: RunningJob): string {
  return `Job ${id} (${kind})`;
}
