/** The view of a recording, kept in the address: a reload and a link show the same. */
import { ref, watch, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";

/** The strip on ECG paper, the whole recording in lines, the events, the beats of a review by shape, or the report. */
const modes = ["strip", "disclosure", "events", "beats", "report"] as const;
export type ViewerMode = (typeof modes)[number];

export function useMode(): Ref<ViewerMode> {
  const route = useRoute();
  const router = useRouter();
  const mode = ref<ViewerMode>(modes.find((each) => each === route.query["view"]) ?? "strip");
  watch(mode, (view) => {
    const query = { ...route.query };
    delete query["view"];
    void router.replace({ query: view === "strip" ? query : { ...query, view } });
  });
  return mode;
}
