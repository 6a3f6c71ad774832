/** Paper speed and gain of the viewer: their steps, and the movements between them. */
import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from "vue";
import type { ViewControl } from "./use-view.ts";
import { scaled, secondsIn, speedOf, STANDARD_GAIN, STANDARD_SPEED, toPixelsPerSecond } from "./view.ts";

/** Options of the scale; the wheel also sets values between them. */
const SPEEDS = [5, 10, 12.5, 25, 50, 100, 200];
const GAINS = [2.5, 5, 10, 20, 40];
/** Value of the option that shows the whole recording. */
const WHOLE = 0;

interface Option {
  value: number;
  label: string;
}

export interface Scale {
  /** Paper speed as drawn, in mm/s, and its text. */
  speed: ComputedRef<number>;
  text: ComputedRef<string>;
  /** Gain, in mm/mV. */
  gain: Ref<number>;
  /** The selected option of the paper speed, in mm/s; 0 for the whole recording. */
  selectedSpeed: WritableComputedRef<number>;
  speeds: ComputedRef<Option[]>;
  gains: readonly Option[];
  zoomBy: (factor: number) => void;
  /** Returns to 25 mm/s and 10 mm/mV. */
  reset: () => void;
}

/** @param plot width of the trace, in pixels @param duration of the recording, in s */
export function useScale(control: ViewControl, plot: Ref<number>, duration: Ref<number>): Scale {
  const gain = ref(STANDARD_GAIN);
  const speed = computed(() => speedOf(control.seen.value));
  const shown = computed(() => Number(speed.value.toPrecision(3)));
  const isWhole = computed(() => secondsIn(control.seen.value, plot.value) >= duration.value);
  const speeds = computed(() => {
    const among = isWhole.value || SPEEDS.some((each) => Math.abs(each - shown.value) < 0.005 * each);
    const all = among ? SPEEDS : [...SPEEDS, shown.value].sort((a, b) => a - b);
    return [{ value: WHOLE, label: "whole recording" }, ...all.map((value) => ({ value, label: `${value} mm/s` }))];
  });
  const zoomTo = (pixelsPerSecond: number): void =>
    control.change((view, extent) => scaled(view, pixelsPerSecond, extent.width / 2, extent), true);
  return {
    speed,
    text: computed(() => `${shown.value} mm/s · ${gain.value} mm/mV`),
    gain,
    selectedSpeed: computed({
      get: () => (isWhole.value ? WHOLE : shown.value),
      set: (mm: number) => zoomTo(toPixelsPerSecond(mm)),
    }),
    speeds,
    gains: GAINS.map((value) => ({ value, label: `${value} mm/mV` })),
    zoomBy: (factor) =>
      control.change((view, extent) => scaled(view, view.pixelsPerSecond * factor, extent.width / 2, extent), true),
    reset: () => {
      gain.value = STANDARD_GAIN;
      zoomTo(toPixelsPerSecond(STANDARD_SPEED));
    },
  };
}
