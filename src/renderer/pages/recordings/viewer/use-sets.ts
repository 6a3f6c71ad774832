/** The annotation sets of a recording: which one is shown, and which one is compared with it. Both are kept in the address. */
import { computed, type ComputedRef, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { beatsIn, type AnnotationSetOverview } from "../../../../contract/domain/annotation-sets.ts";
import { formatInteger } from "../../../base/format.ts";
import { client } from "../../../api/client.ts";
import { useQuery } from "../../../base/use-query.ts";

/** A set as the viewer offers it. */
export interface OfferedSet {
  name: string;
  /** Name, origin and beats of the recording. */
  label: string;
}

export interface SetChoice {
  /** Sets with annotations of the recording; empty until they are known. */
  offered: ComputedRef<OfferedSet[]>;
  /** Name of the shown set; empty: the recording has none. */
  shown: WritableComputedRef<string>;
  /** Name of the set that is compared with it; empty: none. */
  other: WritableComputedRef<string>;
  /** Sets to read; null until the sets are known. */
  chosen: ComputedRef<ChosenSets | null>;
}

/** Names of the sets to read; undefined: the recording's annotations, no comparison. */
export interface ChosenSets {
  set: string | undefined;
  other: string | undefined;
}

export function useSets(dataset: number, record: string): SetChoice {
  const route = useRoute();
  const router = useRouter();
  const { data, error } = useQuery(
    () => ({ dataset }),
    (input) => client.call("annotationSets.list", input),
    {
      keepData: () => true,
      refreshOn: (changed) =>
        client.on("annotationSets.changed", (event) => {
          if (event.dataset === null || event.dataset === dataset) changed();
        }),
    },
  );
  const offered = computed(() => (data.value ?? []).flatMap((set) => offer(set, record)));
  const named = (key: "set" | "with"): string | undefined =>
    offered.value.find(({ name }) => name === route.query[key])?.name;
  /** Without a choice, the recording's annotations; without those, the newest set. */
  const usual = computed(() => offered.value.find(({ used }) => used)?.name ?? offered.value.at(-1)?.name ?? "");
  const write = (key: "set" | "with", name: string): void => {
    const query = { ...route.query, [key]: name };
    if (name === "" || (key === "set" && name === usual.value)) delete query[key];
    void router.replace({ query });
  };
  const shown = computed({ get: () => named("set") ?? usual.value, set: (name) => write("set", name) });
  const other = computed({
    get: () => {
      const name = named("with") ?? "";
      return name === shown.value ? "" : name;
    },
    set: (name) => write("with", name),
  });
  return {
    offered,
    shown,
    other,
    chosen: computed(() => {
      // The recording is shown without the list, too.
      if (data.value === null) return error.value === null ? null : { set: undefined, other: undefined };
      return { set: shown.value || undefined, other: other.value || undefined };
    }),
  };
}

function offer(
  { name, origin, used, records }: AnnotationSetOverview,
  record: string,
): (OfferedSet & { used: boolean })[] {
  const counts = records.find((each) => each.record === record);
  if (counts === undefined) return [];
  return [{ name, used, label: `${name} (${origin}, ${formatInteger(beatsIn(counts.symbols))} beats)` }];
}
