/** The running jobs and the jobs that ended last, newest first. */
import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { client } from "../api/client.ts";
import { useQuery } from "../base/use-query.ts";

export const useJobs = defineStore("jobs", () => {
  const jobs = shallowRef<readonly JobSnapshot[]>([]);
  const running = computed(() => jobs.value.filter(({ state }) => state === "running"));
  const ended = new Map<number, PromiseWithResolvers<JobSnapshot>>();

  const update = (job: JobSnapshot): void => {
    const others = jobs.value.filter(({ id }) => id !== job.id);
    jobs.value = [...others, job].sort((a, b) => b.id - a.id);
    if (job.state !== "running") ended.get(job.id)?.resolve(job);
  };
  client.on("job.changed", update);

  const { data } = useQuery(
    () => true,
    () => client.call("jobs.list", {}),
  );
  watch(
    data,
    (listed) => {
      if (listed === null) return;
      jobs.value = listed;
      for (const job of listed) if (job.state !== "running") ended.get(job.id)?.resolve(job);
    },
    { flush: "sync" },
  );

  return {
    jobs,
    running,
    /** Resolves with a job's last snapshot: `done`, `failed`, `cancelled` or `interrupted`. */
    whenEnded: (job: JobSnapshot): Promise<JobSnapshot> => {
      const known = jobs.value.find(({ id }) => id === job.id);
      if (!known) update(job);
      if (known && known.state !== "running") return Promise.resolve(known);
      const waiting = ended.get(job.id) ?? Promise.withResolvers<JobSnapshot>();
      ended.set(job.id, waiting);
      return waiting.promise;
    },
    cancel: (job: JobSnapshot) => client.call("jobs.cancel", { job: job.id }),
    dismiss: async (job: JobSnapshot): Promise<void> => {
      await client.call("jobs.dismiss", { job: job.id });
      jobs.value = jobs.value.filter(({ id }) => id !== job.id);
    },
  };
});
