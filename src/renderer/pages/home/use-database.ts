/** One database of PhysioNet as it stands here: not there, begun, being fetched, or taken in. */
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
import { useIntake } from "./use-intake.ts";

export interface DatabaseState {
  readonly database: PhysioNetDatabase;
  /** It was taken in as this. */
  readonly dataset: DatasetOverview | undefined;
  /** Fetches it now. */
  readonly job: JobSnapshot | undefined;
  /** Why the latest attempt has failed. */
  readonly error: ErrorReport | null;
  /** Of it on this machine, waiting to be gone on with. */
  readonly bytes: number;
  readonly download: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

export function useDatabase(database: PhysioNetDatabase): DatabaseState {
  const datasets = useDatasets();
  const downloads = useDownloads();
  const jobs = useJobs();
  const store = useSettings();
  const { follow } = useIntake();
  const { name } = database;
  /** Of any window's, the latest. */
  const latest = computed(() =>
    jobs.jobs.find(({ kind, title }) => kind === "download" && title === downloadTitle(database)),
  );
  return reactive({
    database,
    dataset: computed(() => datasets.items.findLast(({ source }) => physioNetDatabaseOf(source)?.name === name)),
    job: computed(() => (latest.value?.state === "running" ? latest.value : undefined)),
    error: computed(() => (latest.value?.state === "failed" ? latest.value.error : null)),
    bytes: computed(() => downloads.items.find((each) => each.name === name)?.bytes ?? 0),
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
