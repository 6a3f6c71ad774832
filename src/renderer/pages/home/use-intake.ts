/** Follows one way in: the job that takes recordings in, from its start to what came of it. */
import { computed, shallowRef, type ComputedRef } from "vue";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { counted } from "../../base/format.ts";
import { client } from "../../api/client.ts";
import { useJobs } from "../../stores/jobs.ts";
import { useToasts } from "../../stores/toasts.ts";

export interface Intake {
  /** While it runs. */
  job: ComputedRef<JobSnapshot | null>;
  /** Starts, and follows to the end. */
  follow: (start: () => Promise<JobSnapshot>) => Promise<void>;
}

export function useIntake(): Intake {
  const jobs = useJobs();
  const toasts = useToasts();
  const id = shallowRef<number | null>(null);
  return {
    job: computed(() => jobs.running.find((job) => job.id === id.value) ?? null),
    follow: async (start) => {
      try {
        const job = await start();
        id.value = job.id;
        const ended = await jobs.whenEnded(job);
        if (ended.state !== "done" || ended.subject === null) return;
        const { dataset } = await client.call("datasets.get", { dataset: ended.subject });
        toasts.success(`${dataset.name}: ${counted(dataset.records, "recording")}, ${counted(dataset.beats, "beat")}.`);
      } catch (error) {
        toasts.error(error);
      }
    },
  };
}
