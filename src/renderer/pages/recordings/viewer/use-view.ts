/**
 * The view of a record as it moves: at once under the hand, smoothly by key. Drawn once a frame at most; what watches it in the page
 * is told a few times a second, so that moving costs the page nothing but the drawing.
 */
import { usePreferredReducedMotion } from "@vueuse/core";
import { onScopeDispose, shallowRef, type ShallowRef } from "vue";
import { between, clampView, isClose, type Extent, type View } from "./view.ts";

/** In ms: after it, a third of the way is left. */
const EASE = 60;
const TELL_EVERY = 120;

export interface ViewControl {
  /** As it is drawn now. */
  readonly now: View;
  /** Less than 0: on its way to earlier. */
  readonly heading: number;
  /** {@link now}, told a few times a second and where it comes to rest. */
  seen: ShallowRef<View>;
  /** @param next from where it is going to be; clamped */
  change: (next: (view: View, extent: Extent) => View, smoothly?: boolean) => void;
  /** Draws with the next frame. */
  redraw: () => void;
  onFrame: (draw: (view: View) => void) => void;
}

/** @param extent null while there is nothing to show */
export function useView(initial: View, extent: () => Extent | null): ViewControl {
  const still = usePreferredReducedMotion();
  const seen = shallowRef(initial);
  const draws: ((view: View) => void)[] = [];
  let now = initial;
  let target = initial;
  let heading = 0;
  let frame = 0;
  let before = 0;
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    seen.value = now;
  };

  const step = (time: number): void => {
    frame = 0;
    const where = extent();
    if (!where) return;
    // A first frame after a rest is taken as one of 60 a second.
    const elapsed = before === 0 ? 16 : Math.min(time - before, 100);
    before = time;
    if (now !== target) {
      const next = between(now, target, 1 - Math.exp(-elapsed / EASE), where.width);
      now = isClose(next, target, where.width) ? target : next;
    }
    for (const draw of draws) draw(now);
    if (now === target) before = 0;
    else redraw();
    if (seen.value !== now) {
      const wait = TELL_EVERY - (performance.now() - told);
      if (wait <= 0) tell();
      else timer ??= setTimeout(tell, wait);
    }
  };

  const redraw = (): void => {
    if (frame === 0) frame = requestAnimationFrame(step);
  };

  onScopeDispose(() => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  });

  return {
    get now() {
      return now;
    },
    get heading() {
      return heading;
    },
    seen,
    change: (next, smoothly = false) => {
      const where = extent();
      if (!where) return;
      const from = target;
      target = clampView(next(target, where), where);
      heading = Math.sign(target.start - from.start) || heading;
      if (!smoothly || still.value === "reduce") now = target;
      redraw();
    },
    redraw,
    onFrame: (draw) => void draws.push(draw),
  };
}
