/** Actions on the whole network: save, copy, discard changes, remove, and import from a file. */
import { computed, type Ref } from "vue";
import { useRouter } from "vue-router";
import { allPresets } from "../../../contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { presetNames } from "../../../contract/domain/training.ts";
import { client } from "../../api/client.ts";
import { useModelDrafts } from "../../stores/model-drafts.ts";
import { useNetworks } from "../../stores/networks.ts";
import { useAttempt, useToasts } from "../../stores/toasts.ts";
import { freeName } from "./layer-list.ts";
import { readNetwork } from "./network-files.ts";
import type { ModelDrafting } from "./use-model-draft.ts";
import { NEW } from "./variants.ts";

/** @param query query of the page's address, which navigation keeps */
export function useModelActions(
  variant: Ref<string>,
  { draft, network, clearHistory }: ModelDrafting,
  query: Ref<Record<string, string>>,
) {
  const router = useRouter();
  const networks = useNetworks();
  const drafts = useModelDrafts();
  const toasts = useToasts();
  const attempt = useAttempt();
  const taken = computed(() => [
    ...presetNames.flatMap((name) => [name, allPresets[name].name]),
    ...networks.items.map(({ network: saved }) => saved.name),
  ]);

  /** Saves a network as a new custom network and opens it. */
  async function saveAsNew(added: NetworkSpec, from: string): Promise<void> {
    const saved = await client.call("networks.save", {
      network: { ...added, name: freeName(added.name, taken.value) },
    });
    const key = String(saved.id);
    const mine = drafts.get(from);
    if (mine) drafts.set(key, { ...mine, network: saved.network });
    await networks.reload();
    await router.push({ path: `/model/${key}`, query: query.value });
    toasts.success(`${saved.network.name} was saved.`);
  }

  return {
    save: (): Promise<void> =>
      attempt(async () => {
        const { value: current } = draft;
        if (!current) return;
        const from = variant.value;
        if (/^\d+$/.test(from)) {
          await client.call("networks.save", { id: Number(from), network: current.network });
          await networks.reload();
          toasts.success(`${current.network.name} was saved.`);
          return;
        }
        await saveAsNew(current.network, from);
        drafts.forget(from);
        clearHistory(from);
      }),
    copy: (): Promise<void> =>
      attempt(async () => {
        if (network.value) await saveAsNew({ ...network.value, name: `${network.value.name} copy` }, variant.value);
      }),
    discard(): void {
      const name = draft.value?.network.name ?? "";
      const from = variant.value;
      const before = draft.value;
      drafts.forget(from);
      clearHistory(from);
      if (from === NEW) void router.push("/model");
      if (!before) return;
      toasts.success(`Changes of ${name} discarded.`, { label: "Undo", run: () => drafts.set(from, before) });
    },
    remove: (): Promise<void> =>
      attempt(async () => {
        const id = Number(variant.value);
        const name = network.value?.name ?? "";
        await client.call("networks.remove", { network: id });
        await router.push({ path: "/model", query: query.value });
        toasts.success(`${name} was removed.`, {
          label: "Undo",
          run: async () => {
            await client.call("networks.restore", { network: id });
            await router.push(`/model/${id}`);
          },
        });
      }),
    importFile: (event: Event): Promise<void> =>
      attempt(async () => {
        const input = event.target as HTMLInputElement;
        const [file] = input.files ?? [];
        if (file) await saveAsNew(await readNetwork(file), "");
        // So that the same file can be selected again.
        input.value = "";
      }),
  };
}
