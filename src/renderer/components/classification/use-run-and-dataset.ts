/** Choices of a dialog that applies a run to recordings: which run, and which dataset. */
import { computed, ref, type ComputedRef, type WritableComputedRef } from "vue";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { counted } from "../../base/format.ts";
import { useDatasets } from "../../stores/datasets.ts";
import { useRuns } from "../../stores/runs.ts";

interface Option {
  value: number;
  label: string;
}

export interface RunAndDataset {
  runOptions: ComputedRef<Option[]>;
  /** Datasets with recordings. */
  datasetOptions: ComputedRef<Option[]>;
  /** Number of the run: the given, the chosen, or the first one; 0 without any. */
  usedRun: WritableComputedRef<number>;
  /** As `usedRun`, of the dataset. */
  usedDataset: WritableComputedRef<number>;
}

/** @param given returns run and dataset from whose page the dialog was opened; null: the user chooses */
export function useRunAndDataset(
  given: () => { run: number | null; dataset: number | null },
  isUsable: (run: RunOverview) => boolean,
  labelOf: (run: RunOverview) => string,
): RunAndDataset {
  const runs = useRuns();
  const datasets = useDatasets();
  const chosenRun = ref<number | null>(null);
  const chosenDataset = ref<number | null>(null);
  const runOptions = computed(() => runs.items.filter(isUsable).map((run) => ({ value: run.id, label: labelOf(run) })));
  const datasetOptions = computed(() =>
    datasets.items
      .filter(({ contents, records }) => contents !== "beats" && records > 0)
      .map(({ id, name, records }) => ({ value: id, label: `${name} (${counted(records, "recording")})` })),
  );
  const usedRun = computed({
    get: () => given().run ?? chosenRun.value ?? runOptions.value[0]?.value ?? 0,
    set: (value: number) => (chosenRun.value = value),
  });
  const usedDataset = computed({
    get: () => given().dataset ?? chosenDataset.value ?? datasetOptions.value[0]?.value ?? 0,
    set: (value: number) => (chosenDataset.value = value),
  });
  return { runOptions, datasetOptions, usedRun, usedDataset };
}
