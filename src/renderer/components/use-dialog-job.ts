/** The job that a dialog starts: its progress, and its error, which the dialog shows instead of the list of jobs. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { useJobs } from "../stores/jobs.ts";
import { useAttempt } from "../stores/toasts.ts";

export interface DialogJob {
  /** The running job; null: none. */
  job: ComputedRef<JobSnapshot | null>;
  problem: ShallowRef<ErrorReport | null>;
  /**
   * Starts a job, and waits for its end.
   * @returns the job where it is done and the dialog is still open; otherwise null
   */
  run(start: () => Promise<{ job: JobSnapshot }>): Promise<JobSnapshot | null>;
}

/** Call it in the set-up of the dialog. @param shown whether the dialog is open */
export function useDialogJob(shown: Ref<boolean>): DialogJob {
  const jobs = useJobs();
  const attempt = useAttempt();
  const problem = shallowRef<ErrorReport | null>(null);
  const id = ref<number | null>(null);
  const job = computed(() => jobs.running.find((each) => each.id === id.value) ?? null);
  return {
    job,
    problem,
    async run(start) {
      problem.value = null;
      try {
        const started = await start();
        id.value = started.job.id;
        const ended = await jobs.whenEnded(started.job);
        if (!shown.value) return null;
        if (ended.state === "done") return ended;
        if (ended.error !== null) {
          problem.value = ended.error;
          await attempt(() => jobs.dismiss(ended));
        }
      } catch (reason) {
        problem.value = reportError(reason);
      }
      return null;
    },
  };
}
