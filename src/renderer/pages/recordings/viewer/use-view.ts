/**
 * The moving view of a recording: immediate with the pointer, smooth by key. It is drawn at most once a frame; the page
 * observes it a few times a second, so that a movement costs only the drawing.
 */
import { usePreferredReducedMotion } from "@vueuse/core";
import { onScopeDispose, shallowRef, type ShallowRef } from "vue";
import { between, clampView, isClose, type Extent, type View } from "./view.ts";

/** Time constant: after it, 37 % of the distance remains. */
const EASE_TIME_MS = 60;
const PUBLISH_INTERVAL_MS = 120;

export interface ViewControl {
  /** The view as drawn now. */
  readonly now: View;
  /** Where the current movement ends. */
  readonly target: View;
  /** Negative while it moves towards earlier times. */
  readonly heading: number;
  /** {@link now}, published a few times a second and at the end of a movement. */
  seen: ShallowRef<View>;
  /** @param next returns the new view from the target of the current movement; it is clamped */
  change: (next: (view: View, extent: Extent) => View, smoothly?: boolean) => void;
  /** Draws in the next frame. */
  redraw: () => void;
  onFrame: (draw: (view: View) => void) => void;
}

/** @param extent null while nothing is loaded */
export function useView(initial: View, extent: () => Extent | null): ViewControl {
  const still = usePreferredReducedMotion();
  const seen = shallowRef(initial);
  const draws: ((view: View) => void)[] = [];
  let now = initial;
  let target = initial;
  let heading = 0;
  let frame = 0;
  let before = 0;
  let published = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const publish = (): void => {
    clearTimeout(timer);
    timer = undefined;
    published = performance.now();
    seen.value = now;
  };

  const step = (time: number): void => {
    frame = 0;
    const where = extent();
    if (!where) return;
    // The first frame of a movement counts as 1/60 s.
    const elapsed = before === 0 ? 16 : Math.min(time - before, 100);
    before = time;
    if (now !== target) {
      const next = between(now, target, 1 - Math.exp(-elapsed / EASE_TIME_MS), where.width);
      now = isClose(next, target, where.width) ? target : next;
    }
    for (const draw of draws) draw(now);
    if (now === target) before = 0;
    else redraw();
    if (seen.value !== now) {
      const wait = PUBLISH_INTERVAL_MS - (performance.now() - published);
      if (wait <= 0) publish();
      else timer ??= setTimeout(publish, wait);
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
    get target() {
      return target;
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
