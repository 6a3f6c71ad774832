/** The calipers of the viewer: shown or hidden, and where their legs are. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef, type WritableComputedRef } from "vue";
import { describeDifferences, describeInterval, moveLeg, type Calipers } from "./calipers.ts";
import { ALL_BEATS, nextEvent } from "./events.ts";
import type { Leads } from "./use-leads.ts";
import type { OpenedRecord } from "./use-record.ts";
import type { Selection } from "./use-selection.ts";
import { valuesAt } from "./trace-values.ts";

/** Distance of the legs from the centre where no beat is selected. */
const HALF_SPAN_S = 0.4;

export interface CaliperControl {
  /** Null: hidden. */
  legs: ShallowRef<Calipers | null>;
  shown: WritableComputedRef<boolean>;
  /** Interval, rate and amplitudes; empty while hidden. */
  text: ComputedRef<string>;
  move: (leg: keyof Calipers, by: number) => void;
  /** Places the legs at two times in s. */
  place: (from: number, to: number) => void;
}

interface Options {
  record: ShallowRef<OpenedRecord | null>;
  leads: Leads;
  /** The calipers appear at its selected beat and the next one, if any. */
  selection: Selection;
  /** Returns the centre of the view, in s. */
  centre: () => number;
  /** Changes when data was loaded. */
  loaded: ShallowRef<number>;
}

function sampleAt(time: number, rate: number, length: number): number {
  return Math.max(0, Math.min(length - 1, Math.round(time * rate)));
}

/** Returns the selected beat and the next one; null where no beat is selected in view. */
function fromSelection({ seen, groups }: Selection): Calipers | null {
  const beats = groups.value.find(({ key }) => key === ALL_BEATS);
  if (!seen.value || seen.value.group.kind !== "beat" || !beats) return null;
  const from = seen.value.group.starts[seen.value.index];
  const next = nextEvent(beats, from, 1);
  return next === null ? null : { from, to: beats.starts[next] };
}

export function useCalipers({ record, leads, selection, centre, loaded }: Options): CaliperControl {
  const legs = shallowRef<Calipers | null>(null);
  watch(
    () => record.value?.raw,
    () => (legs.value = null),
  );
  const place = (): Calipers | null => {
    if (!record.value) return null;
    const { rate, length } = record.value;
    const inside = (time: number): number => sampleAt(time, rate, length);
    return fromSelection(selection) ?? { from: inside(centre() - HALF_SPAN_S), to: inside(centre() + HALF_SPAN_S) };
  };
  return {
    legs,
    shown: computed({ get: () => legs.value !== null, set: (shown) => (legs.value = shown ? place() : null) }),
    text: computed(() => {
      if (!record.value || !legs.value || loaded.value < 0) return "";
      const { raw, rate } = record.value;
      const [from, to] = [legs.value.from, legs.value.to].map((sample) => valuesAt((tile) => raw.get(tile), sample));
      const drawn = leads.all.value
        .filter(({ shown }) => shown)
        .map(({ lead }) => ({ lead, name: record.value!.leads[lead].lead, units: record.value!.leads[lead].units }));
      return `${describeInterval(legs.value, rate)} · ${describeDifferences(from, to, drawn)}`;
    }),
    place: (from, to) => {
      if (!record.value) return;
      const { rate, length } = record.value;
      legs.value = { from: sampleAt(from, rate, length), to: sampleAt(to, rate, length) };
    },
    move: (leg, by) => {
      if (record.value && legs.value) legs.value = moveLeg(legs.value, leg, by, record.value.length);
    },
  };
}
