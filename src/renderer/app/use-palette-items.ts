/** Collects the entries of the command palette. */
import { computed, type ComputedRef } from "vue";
import { useRouter } from "vue-router";
import { preparationTitle, runTitle } from "../../contract/domain/names.ts";
import { networkTitle } from "../../contract/settings/network-presets.ts";
import { protocolName } from "../../contract/settings/setting-table.ts";
import { glossary } from "../base/glossary.ts";
import { routeToDataset } from "../base/recording-address.ts";
import { listShortcuts } from "../base/shortcuts.ts";
import { useDatasets } from "../stores/datasets.ts";
import { useExperiments } from "../stores/experiments.ts";
import { usePreparations } from "../stores/preparations.ts";
import { useRuns } from "../stores/runs.ts";
import type { PaletteItem } from "./palette-items.ts";
import { screens } from "./screens.ts";

export function usePaletteItems(): ComputedRef<PaletteItem[]> {
  const router = useRouter();
  const [datasets, preparations, runs, experiments] = [useDatasets(), usePreparations(), useRuns(), useExperiments()];
  const to = (address: string) => (): void => void router.push(address);

  return computed(() => [
    ...screens.map(({ title, path }) => ({ key: path, kind: "Screen", label: title, hint: "", run: to(path) })),
    ...listShortcuts()
      .filter(({ keys }) => !keys.startsWith("Alt+") && keys !== "Ctrl+k" && keys !== "/")
      .map(({ keys, description, run }) => ({
        key: `shortcut ${keys}`,
        kind: "Command",
        label: description,
        hint: keys,
        run,
      })),
    ...datasets.items.map(({ id, name }) => ({
      key: `dataset ${id}`,
      kind: "Dataset",
      label: name,
      hint: "",
      run: to(routeToDataset(id)),
    })),
    ...preparations.items.map((preparation) => ({
      key: `preparation ${preparation.id}`,
      kind: "Preparation",
      label: preparationTitle(preparation),
      hint: protocolName(preparation.settings.protocol),
      run: to(`/preparation/set/${preparation.id}`),
    })),
    ...experiments.items.map(({ id, name }) => ({
      key: `experiment ${id}`,
      kind: "Experiment",
      label: name,
      hint: "",
      run: to(`/experiments/${id}`),
    })),
    ...runs.items.map(({ id, name, settings, dataset }) => ({
      key: `run ${id}`,
      kind: "Run",
      label: runTitle({ id, name }),
      hint: `${networkTitle(settings)}, ${dataset.name}`,
      run: to(`/runs/${id}`),
    })),
    ...glossary.map(({ id, term }) => ({
      key: `term ${id}`,
      kind: "Term",
      label: term,
      hint: "",
      run: to(`/help#${id}`),
    })),
  ]);
}
