/** The selected beat of the viewer, and steps from beat to beat. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { countClasses, nearestBeat, nextBeat, positionOfBeat, type BeatChoice, type BeatPosition } from "./beats.ts";
import type { OpenedRecord } from "./use-record.ts";
import type { ViewControl } from "./use-view.ts";
import { centredOn, centreOf } from "./view.ts";

export interface Selection {
  /** Beat types of the recording, the most frequent first. */
  classes: ComputedRef<{ symbol: string; beats: number }[]>;
  /** The beat type to step through. */
  choice: Ref<BeatChoice>;
  /** Index of the selected annotation. */
  selected: ShallowRef<number | null>;
  position: ComputedRef<BeatPosition | null>;
  /** Message at the last beat of a type, instead of no reaction. */
  ended: Ref<string>;
  /** Selects the beat nearest to a time, within a tolerance; both in s. */
  pick: (time: number, tolerance: number) => void;
  /** Goes to the next (1) or the previous (−1) beat of the chosen type. */
  step: (by: 1 | -1) => void;
  chooseNextClass: () => void;
}

/** @param plot width of the trace, in pixels */
export function useSelection(
  record: ShallowRef<OpenedRecord | null>,
  control: ViewControl,
  plot: Ref<number>,
): Selection {
  const choice = ref<BeatChoice>("");
  const selected = shallowRef<number | null>(null);
  const ended = ref("");
  const classes = computed(() => (record.value ? countClasses(record.value.annotations) : []));
  watch([selected, choice], () => (ended.value = ""), { flush: "sync" });

  return {
    classes,
    choice,
    selected,
    position: computed(() =>
      record.value && selected.value !== null ? positionOfBeat(record.value.annotations, selected.value) : null,
    ),
    ended,
    pick: (time, tolerance) => {
      if (!record.value) return;
      const { annotations, rate } = record.value;
      selected.value = nearestBeat(annotations, Math.round(time * rate), tolerance * rate);
    },
    step: (by) => {
      if (!record.value) return;
      const { annotations, rate } = record.value;
      const middle = Math.round(centreOf(control.now, plot.value) * rate);
      const from = selected.value === null ? { sample: middle } : { index: selected.value };
      const found = nextBeat(annotations, from, by, choice.value);
      const noun = choice.value === "" ? "beat" : `${choice.value} beat`;
      ended.value = found === null ? `No ${by === 1 ? "next" : "previous"} ${noun}.` : "";
      if (found === null) return;
      selected.value = found;
      control.change((view, extent) => centredOn(view, annotations.samples[found] / rate, extent), true);
    },
    chooseNextClass: () => {
      const all = ["", ...classes.value.map(({ symbol }) => symbol)];
      choice.value = all[(all.indexOf(choice.value) + 1) % all.length];
    },
  };
}
