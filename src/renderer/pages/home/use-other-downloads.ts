/** Downloads of databases that are not described in the list: running, failed, or partly on this machine. */
import { computed, type ComputedRef } from "vue";
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { downloadTitle, physioNetDatabases, type DownloadState } from "../../../contract/domain/physionet.ts";
import { client } from "../../api/client.ts";
import { useDownloads } from "../../stores/downloads.ts";
import { useJobs } from "../../stores/jobs.ts";
import { useSettings } from "../../stores/settings.ts";
import { useImport } from "./use-import.ts";

export interface OtherDownloads {
  /** The running downloads. */
  running: ComputedRef<JobSnapshot[]>;
  /** Interrupted downloads, and why the latest of each database failed. */
  partial: ComputedRef<(DownloadState & { error: ErrorReport | null })[]>;
  /** Why the latest download failed that left nothing on this machine. */
  error: ComputedRef<ErrorReport | null>;
  start: (name: string, records: readonly string[]) => Promise<void>;
  discard: (state: DownloadState) => Promise<void>;
}

const described = new Set(Object.keys(physioNetDatabases));
const describedTitles = new Set([...described].map(downloadTitle));

export function useOtherDownloads(): OtherDownloads {
  const downloads = useDownloads();
  const jobs = useJobs();
  const store = useSettings();
  const { follow, error } = useImport();
  const running = computed(() =>
    jobs.running.filter(({ kind, title }) => kind === "download" && !describedTitles.has(title)),
  );
  const partial = computed(() =>
    downloads.items
      .filter(({ name, records }) => !(described.has(name) && records.length === 0))
      .filter(({ name }) => !running.value.some(({ title }) => title === downloadTitle(name)))
      .map((state) => ({
        ...state,
        error:
          jobs.jobs.find(({ kind, title }) => kind === "download" && title === downloadTitle(state.name))?.error ??
          null,
      })),
  );
  return {
    running,
    partial,
    error: computed(() => (partial.value.some((state) => state.error !== null) ? null : error.value)),
    start: (name, records) =>
      follow(async () => {
        const { withoutComments } = store.settings;
        return (await client.call("downloads.start", { name, records: [...records], withoutComments })).job;
      }),
    discard: async ({ name, records }) => {
      await client.call("downloads.discard", { name, records });
      await downloads.reload();
    },
  };
}
