/** The draft of the network and its training settings. Changes of the network can be undone. */
import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from "vue";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { useModelDrafts, type ModelDraft } from "../../stores/model-drafts.ts";
import { useNetworks } from "../../stores/networks.ts";
import { baseOf, freshDraft, isChanged, named } from "./variants.ts";

/** Maximum number of undo steps. */
const MAX_UNDO_STEPS = 100;

export interface ModelDrafting {
  /** Null: the network does not exist. */
  draft: ComputedRef<ModelDraft | null>;
  network: WritableComputedRef<NetworkSpec | null>;
  /** Whether the draft differs from the saved network. */
  changed: ComputedRef<boolean>;
  change: (changes: Partial<ModelDraft>) => void;
  undoable: ComputedRef<boolean>;
  undo: () => void;
  /** Clears the undo steps of a network. */
  clearHistory: (variant: string) => void;
}

/** @param variant name of a preset, number of a saved network, or `new` (variants.ts) */
export function useModelDraft(variant: Ref<string>): ModelDrafting {
  const networks = useNetworks();
  const drafts = useModelDrafts();
  const base = computed(() => baseOf(variant.value, networks.items));
  const draft = computed<ModelDraft | null>(
    () => drafts.get(variant.value) ?? (base.value ? freshDraft(variant.value, base.value) : null),
  );
  const change = (changes: Partial<ModelDraft>): void => {
    if (draft.value) drafts.set(variant.value, { ...draft.value, ...changes });
  };
  const past = ref<Record<string, NetworkSpec[]>>({});
  const network = computed({
    get: () => draft.value?.network ?? null,
    set: (to: NetworkSpec | null) => {
      if (!draft.value || !to || to === draft.value.network) return;
      past.value[variant.value] = [...(past.value[variant.value] ?? []), draft.value.network].slice(-MAX_UNDO_STEPS);
      change({ network: named(variant.value, to) });
    },
  });
  return {
    draft,
    network,
    changed: computed(() => draft.value !== null && isChanged(draft.value, base.value)),
    change,
    undoable: computed(() => (past.value[variant.value]?.length ?? 0) > 0),
    undo() {
      const to = past.value[variant.value]?.pop();
      if (to) change({ network: to });
    },
    clearHistory: (of) => void (past.value = { ...past.value, [of]: [] }),
  };
}
