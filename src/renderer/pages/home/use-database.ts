/** The state of one PhysioNet database: not downloaded, partly downloaded, downloading, or imported. */
import { computed, reactive } from "vue";
import type { DatasetOverview } from "../../../contract/domain/datasets.ts";
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { downloadTitle, physioNetDatabaseOf, type PhysioNetDatabase } from "../../../contract/domain/physionet.ts";
import { client } from "../../api/client.ts";
import { useDatasets } from "../../stores/datasets.ts";
import { useDownloads } from "../../stores/downloads.ts";
import { useJobs } from "../../stores/jobs.ts";
import { useSettings } from "../../stores/settings.ts";
import { useImport } from "./use-import.ts";

export interface DatabaseState {
  readonly database: PhysioNetDatabase;
  /** The dataset it was imported as. */
  readonly dataset: DatasetOverview | undefined;
  /** The running download. */
  readonly job: JobSnapshot | undefined;
  /** Why the latest download failed. */
  readonly error: ErrorReport | null;
  /** Bytes of a partial download. */
  readonly bytes: number;
  readonly download: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

export function useDatabase(database: PhysioNetDatabase): DatabaseState {
  const datasets = useDatasets();
  const downloads = useDownloads();
  const jobs = useJobs();
  const store = useSettings();
  const { follow } = useImport();
  const { name } = database;
  /** The latest download, started by any window. */
  const latest = computed(() =>
    jobs.jobs.find(({ kind, title }) => kind === "download" && title === downloadTitle(name)),
  );
  return reactive({
    database,
    dataset: computed(() => datasets.items.findLast(({ source }) => physioNetDatabaseOf(source)?.name === name)),
    job: computed(() => (latest.value?.state === "running" ? latest.value : undefined)),
    error: computed(() => (latest.value?.state === "failed" ? latest.value.error : null)),
    bytes: computed(() => downloads.items.find((each) => each.name === name && each.records.length === 0)?.bytes ?? 0),
    download: () =>
      follow(async () => {
        const { withoutComments } = store.settings;
        return (await client.call("downloads.start", { name, withoutComments })).job;
      }),
    discard: async () => {
      await client.call("downloads.discard", { name });
      await downloads.reload();
    },
  });
}
