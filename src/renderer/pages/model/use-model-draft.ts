/** The network on the page and how it is to be trained, as far as they were changed; each change of the network can be taken back. */
import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from "vue";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { useModelDrafts, type ModelDraft } from "../../stores/model-drafts.ts";
import { useModels } from "../../stores/models.ts";
import { baseOf, freshDraft, isChanged, named } from "./variants.ts";

/** Networks that are kept to go back to. */
const KEPT = 100;

export interface ModelDrafting {
  /** Null: there is no such model. */
  draft: ComputedRef<ModelDraft | null>;
  network: WritableComputedRef<NetworkSpec | null>;
  /** Whether it is another than the one that is saved. */
  changed: ComputedRef<boolean>;
  change: (changes: Partial<ModelDraft>) => void;
  undoable: ComputedRef<boolean>;
  undo: () => void;
  /** After it, nothing can be taken back there. */
  forgetPast: (variant: string) => void;
}

/** @param variant a preset's name, a saved model's number, or a new one (variants.ts) */
export function useModelDraft(variant: Ref<string>): ModelDrafting {
  const models = useModels();
  const drafts = useModelDrafts();
  const base = computed(() => baseOf(variant.value, models.items));
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
      past.value[variant.value] = [...(past.value[variant.value] ?? []), draft.value.network].slice(-KEPT);
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
    forgetPast: (of) => void (past.value = { ...past.value, [of]: [] }),
  };
}
