/** The beats of a review by shape, read again where beats or families have changed. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import type { BeatShapes } from "../../../../contract/domain/beat-families.ts";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import { client } from "../../../api/client.ts";
import { LatestRequest } from "../../../base/latest-request.ts";
import type { ReviewControl } from "../viewer/use-review.ts";

/** Delay after an edit: a reviewer makes several a second. */
const RELOAD_DELAY_MS = 300;

export function useBeatShapes(
  source: { dataset: number; record: string },
  review: Pick<ReviewControl, "set" | "shapeVersion">,
): { shapes: ShallowRef<BeatShapes | null>; error: ShallowRef<ErrorReport | null> } {
  const shapes = shallowRef<BeatShapes | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const latest = new LatestRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    const set = review.set.value;
    if (set === null) return;
    const isLatest = latest.begin();
    try {
      const found = await client.call("reviews.shapes", { ...source, set });
      if (isLatest()) [shapes.value, error.value] = [found, null];
    } catch (reason) {
      if (isLatest()) error.value = reportError(reason);
    }
  };
  watch(review.set, () => ((shapes.value = null), void read()), { immediate: true });
  watch(review.shapeVersion, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), RELOAD_DELAY_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    latest.cancel();
  });
  return { shapes, error };
}
