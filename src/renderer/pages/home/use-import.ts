/** Starts an import or an inspection, and follows its job to the result. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { contentsText, counted } from "../../base/format.ts";
import { client } from "../../api/client.ts";
import { useJobs } from "../../stores/jobs.ts";
import { useAttempt, useToasts } from "../../stores/toasts.ts";

export interface Import {
  /** The running job; null otherwise. */
  job: ComputedRef<JobSnapshot | null>;
  /** Why the latest job failed; null once another starts. */
  error: ShallowRef<ErrorReport | null>;
  /** Starts a job that makes a dataset, and follows it to its end. */
  follow: (start: () => Promise<JobSnapshot>) => Promise<void>;
  /** Starts an inspection. @returns its result; null where it failed or was cancelled */
  inspect: (start: () => Promise<JobSnapshot>) => Promise<Inspection | null>;
}

export function useImport(): Import {
  const jobs = useJobs();
  const toasts = useToasts();
  const attempt = useAttempt();
  const id = shallowRef<number | null>(null);
  const error = shallowRef<ErrorReport | null>(null);

  /** Returns the number of what a job has made; null where it failed or was cancelled. */
  async function subjectOf(start: () => Promise<JobSnapshot>): Promise<number | null> {
    error.value = null;
    const job = await start();
    id.value = job.id;
    const ended = await jobs.whenEnded(job);
    error.value = ended.error;
    return ended.state === "done" ? ended.subject : null;
  }

  async function shown<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (reason) {
      const report = reportError(reason);
      // A cancelled upload needs no message, and the frame shows a lost connection.
      if (report.code !== "cancelled" && report.code !== "not-connected") error.value = report;
      return null;
    }
  }

  return {
    job: computed(() => jobs.running.find((job) => job.id === id.value) ?? null),
    error,
    follow: async (start) => {
      await shown(async () => {
        const dataset = await subjectOf(start);
        if (dataset === null) return;
        const { dataset: imported } = await client.call("datasets.get", { dataset });
        const text = `${imported.name}: ${contentsText(imported)}, ${counted(imported.beats, "beat")}.`;
        const undo = (): Promise<void> => attempt(() => client.call("datasets.remove", { dataset }));
        toasts.success(text, { label: "Undo", run: undo });
      });
    },
    inspect: (start) =>
      shown(async () => {
        const inspection = await subjectOf(start);
        return inspection === null ? null : client.call("datasets.inspection", { inspection });
      }),
  };
}
