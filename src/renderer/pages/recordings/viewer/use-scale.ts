/** Paper speed and gain of the viewer: their steps, and the movements between them. */
import { computed, onScopeDispose, ref, type ComputedRef, type Ref, type WritableComputedRef } from "vue";
import { GAINS, nextStep, settledStep, speedsAbove } from "./scale-steps.ts";
import type { ViewControl } from "./use-view.ts";
import { scaled, secondsIn, speedOf, STANDARD_GAIN, STANDARD_SPEED, toPixelsPerSecond } from "./view.ts";

/** Value of the option that shows the whole recording. */
const WHOLE = 0;
/** Pause after the last event of a pinch before it ends on a step. */
const SETTLE_DELAY_MS = 180;

interface Option {
  value: number;
  label: string;
}

export interface Scale {
  /** Text of the scale, `25 mm/s · 10 mm/mV`. */
  text: ComputedRef<string>;
  /** Gain, in mm/mV. */
  gain: Ref<number>;
  /** The selected option of the paper speed, in mm/s; 0 for the whole recording. */
  selectedSpeed: WritableComputedRef<number>;
  speeds: ComputedRef<Option[]>;
  gains: readonly Option[];
  /** Zooms in (1) or out (−1) by a step. */
  zoom: (by: 1 | -1) => void;
  /** Zooms continuously by a factor around a position in pixels; ends on a step when no further call follows. */
  pinch: (factor: number, x: number) => void;
  /** Changes the gain by a step. */
  amplify: (by: 1 | -1) => void;
  /** Returns to 25 mm/s and 10 mm/mV. */
  reset: () => void;
}

/** @param plot width of the trace, in pixels @param duration of the recording, in s */
export function useScale(control: ViewControl, plot: Ref<number>, duration: Ref<number>): Scale {
  const gain = ref(STANDARD_GAIN);
  const shown = computed(() => Number(speedOf(control.seen.value).toPrecision(3)));
  const isWhole = computed(() => secondsIn(control.seen.value, plot.value) >= duration.value * 0.999);
  /** The speed that shows the whole recording, which is the slowest step. */
  const whole = computed(() => speedOf({ start: 0, pixelsPerSecond: plot.value / duration.value }));
  const steps = computed(() => speedsAbove(whole.value));
  const allSteps = computed(() => [whole.value, ...steps.value]);
  const speeds = computed(() => [
    { value: WHOLE, label: "whole recording" },
    ...steps.value.map((value) => ({ value, label: `${value} mm/s` })),
  ]);
  /** @param next returns the new speed from the speed that the view moves to @param x position that stays in place */
  const zoomTo = (next: (speed: number) => number, x?: number): void =>
    control.change(
      (view, extent) => scaled(view, toPixelsPerSecond(next(speedOf(view))), x ?? extent.width / 2, extent),
      true,
    );

  let began: number | null = null;
  let settling: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(settling));

  return {
    text: computed(() => `${isWhole.value ? "Whole recording" : `${shown.value} mm/s`} · ${gain.value} mm/mV`),
    gain,
    selectedSpeed: computed({ get: () => (isWhole.value ? WHOLE : shown.value), set: (speed) => zoomTo(() => speed) }),
    speeds,
    gains: GAINS.map((value) => ({ value, label: `${value} mm/mV` })),
    zoom: (by) => zoomTo((speed) => nextStep(allSteps.value, speed, by)),
    pinch: (factor, x) => {
      control.change((view, extent) => {
        began ??= speedOf(view);
        return scaled(view, view.pixelsPerSecond * factor, x, extent);
      });
      clearTimeout(settling);
      settling = setTimeout(() => {
        const from = began;
        began = null;
        zoomTo((speed) => settledStep(allSteps.value, from ?? speed, speed), x);
      }, SETTLE_DELAY_MS);
    },
    amplify: (by) => (gain.value = nextStep(GAINS, gain.value, by)),
    reset: () => {
      gain.value = STANDARD_GAIN;
      zoomTo(() => STANDARD_SPEED);
    },
  };
}
