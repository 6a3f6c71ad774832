/** Keeps the view and the time in the address equal (base/recording-address.ts): each follows the other. */
import { onScopeDispose, watch, type Ref, type WatchSource } from "vue";
import { useRoute, useRouter } from "vue-router";
import { timeForAddress, timeFromAddress } from "../../../base/recording-address.ts";
import type { ViewControl } from "./use-view.ts";
import { centredOn, centreOf, isClose, type Extent } from "./view.ts";

/** Delay after a movement before the address is updated. */
const ADDRESS_DELAY_MS = 400;

interface Options {
  control: ViewControl;
  /** Null while nothing is loaded. */
  extent: () => Extent | null;
  /** What changes the extent. */
  sources: WatchSource[];
  /** Time of the selected beat, in s. */
  selectedTime: Ref<number | null>;
  /** Centres the view on a time in s, and selects the beat there. */
  goTo: (time: number, smoothly: boolean) => void;
}

export function useViewAddress({ control, extent, sources, selectedTime, goTo }: Options): void {
  const route = useRoute();
  const router = useRouter();
  let written: string | null = null;
  let opened = false;
  watch(
    sources,
    () => {
      if (!extent()) return;
      if (opened) {
        control.change((view) => view);
        return;
      }
      opened = true;
      const time = timeFromAddress(route.query["t"]);
      if (time === null) control.change((view) => view);
      else goTo(time, false);
    },
    { flush: "post" },
  );
  watch(
    () => route.query["t"],
    (t) => {
      const time = timeFromAddress(t);
      if (time !== null && t !== written) goTo(time, true);
    },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch([control.seen, selectedTime], ([view, beat]) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const where = extent();
      if (!where) return;
      const onBeat = beat !== null && isClose(centredOn(view, beat, where), view, where.width);
      written = timeForAddress(onBeat ? beat : centreOf(view, where.width));
      if (written !== route.query["t"]) void router.replace({ query: { ...route.query, t: written } });
    }, ADDRESS_DELAY_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
}
