/** Starts an import and follows its job to the resulting dataset. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { counted } from "../../base/format.ts";
import { client } from "../../api/client.ts";
import { useJobs } from "../../stores/jobs.ts";
import { useToasts } from "../../stores/toasts.ts";

export interface Import {
  /** The running job; null otherwise. */
  job: ComputedRef<JobSnapshot | null>;
  /** Why the latest import failed; null once another starts. */
  error: ShallowRef<ErrorReport | null>;
  /** Starts a job and follows it to its end. */
  follow: (start: () => Promise<JobSnapshot>) => Promise<void>;
}

export function useImport(): Import {
  const jobs = useJobs();
  const toasts = useToasts();
  const id = shallowRef<number | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  return {
    job: computed(() => jobs.running.find((job) => job.id === id.value) ?? null),
    error,
    follow: async (start) => {
      error.value = null;
      try {
        const job = await start();
        id.value = job.id;
        const ended = await jobs.whenEnded(job);
        error.value = ended.error;
        if (ended.state !== "done" || ended.subject === null) return;
        const { dataset } = await client.call("datasets.get", { dataset: ended.subject });
        toasts.success(`${dataset.name}: ${counted(dataset.records, "recording")}, ${counted(dataset.beats, "beat")}.`);
      } catch (reason) {
        const report = reportError(reason);
        // A cancelled upload needs no message, and the frame shows a lost connection.
        if (report.code !== "cancelled" && report.code !== "not-connected") error.value = report;
      }
    },
  };
}
