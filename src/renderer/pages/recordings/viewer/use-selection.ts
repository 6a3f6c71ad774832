/** The selected event of the viewer, and steps from event to event of a group. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import {
  ALL_BEATS,
  groupEvents,
  nearestPoint,
  nextEvent,
  typedEvent,
  type EventGroup,
  type SelectedEvent,
} from "./events.ts";
import type { OpenedRecord } from "./use-record.ts";
import type { ViewControl } from "./use-view.ts";
import { centredOn, centreOf, secondsIn, type View } from "./view.ts";

interface Grouped {
  groups: EventGroup[];
  record: OpenedRecord | null;
}

export interface Selection {
  /** The groups with the recording that they were made of. */
  grouped: ComputedRef<Grouped>;
  /** Groups of events of the recording; all beats first. */
  groups: ComputedRef<EventGroup[]>;
  /** Key of the group to step through. */
  choice: Ref<string>;
  selected: ShallowRef<SelectedEvent | null>;
  /** The selected event while a part of it is in view; else null, and steps begin at the centre of the view. */
  seen: ComputedRef<SelectedEvent | null>;
  /** Message at the last event of a group, instead of no reaction. */
  ended: Ref<string>;
  /** Selects the beat or mark nearest to a time, within a tolerance; both in s. */
  pick: (time: number, tolerance: number) => void;
  /** Goes to the next (1) or the previous (−1) event of a group; by default, of the chosen one. */
  step: (by: 1 | -1, key?: string) => void;
  /** Goes to an event. */
  show: (event: SelectedEvent) => void;
  chooseNextGroup: () => void;
}

/** @param plot width of the trace, in pixels */
export function useSelection(
  record: ShallowRef<OpenedRecord | null>,
  control: ViewControl,
  plot: Ref<number>,
): Selection {
  const choice = ref(ALL_BEATS);
  const selected = shallowRef<SelectedEvent | null>(null);
  const ended = ref("");
  // Grouping a day takes longer than a frame: after an edit of a review, it waits for the rhythm, which is computed again.
  const grouped = computed((before?: Grouped) => {
    if (!record.value) return { groups: [], record: null };
    const { rhythm, compared } = record.value;
    if (before?.record?.rhythm === rhythm && before.record.compared === compared) return before;
    return { groups: groupEvents(record.value.annotations, rhythm, compared), record: record.value };
  });
  const groups = computed(() => grouped.value.groups);
  watch([selected, choice], () => (ended.value = ""), { flush: "sync" });

  /** Whether a part of an event is in a view. */
  const isIn = ({ group, index }: SelectedEvent, view: View, rate: number): boolean =>
    group.ends[index] / rate >= view.start && group.starts[index] / rate <= view.start + secondsIn(view, plot.value);
  const seen = computed(() =>
    record.value && selected.value && isIn(selected.value, control.seen.value, record.value.rate)
      ? selected.value
      : null,
  );

  const show = (event: SelectedEvent): void => {
    if (!record.value) return;
    const { rate } = record.value;
    selected.value = typedEvent(groups.value, event);
    control.change((view, extent) => centredOn(view, event.group.starts[event.index] / rate, extent), true);
  };

  return {
    grouped,
    groups,
    choice,
    selected,
    seen,
    ended,
    pick: (time, tolerance) => {
      if (!record.value) return;
      const { rate } = record.value;
      selected.value = nearestPoint(groups.value, Math.round(time * rate), tolerance * rate);
    },
    step: (by, key = choice.value) => {
      const group = groups.value.find((each) => each.key === key);
      ended.value = group ? "" : `No ${by === 1 ? "next" : "previous"} event of this type.`;
      if (!record.value || !group) return;
      const { rate } = record.value;
      // Where the view moves to: a second step during a movement starts at its end.
      const view = control.target;
      const current = selected.value && isIn(selected.value, view, rate) ? selected.value : null;
      const start = current?.group.starts[current.index];
      // An episode may have begun long before the view.
      const isInView = start !== undefined && start / rate >= view.start;
      const from = isInView ? start : Math.round(centreOf(view, plot.value) * rate);
      const found = nextEvent(group, from, by);
      ended.value = found === null ? `No ${by === 1 ? "next" : "previous"} ${group.noun}.` : "";
      if (found !== null) show({ group, index: found });
    },
    show,
    chooseNextGroup: () => {
      const keys = groups.value.map(({ key }) => key);
      choice.value = keys[(keys.indexOf(choice.value) + 1) % keys.length] ?? ALL_BEATS;
    },
  };
}
