/** The leads of the viewer: shown, order, inversion and layout. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { stackedPanels, twelveLeadPanels, type Panel } from "./layout.ts";
import { allLeads, invertLead, moveLead, toggleLead, twelveLeads, type LeadDisplay } from "./lead-order.ts";
import type { OpenedRecord } from "./use-record.ts";

export interface Leads {
  all: ShallowRef<LeadDisplay[]>;
  /** Whether the recording has the leads of a 12-lead ECG. */
  hasTwelve: ComputedRef<boolean>;
  /** Whether they are drawn as a 12-lead page: four columns, and lead II below. */
  twelve: Ref<boolean>;
  /** Lanes below each other. */
  lanes: ComputedRef<number>;
  toggle: (lead: number) => void;
  invert: (lead: number) => void;
  move: (lead: number, by: 1 | -1) => void;
  /** @param size of the trace, in pixels */
  panels: (size: { width: number; height: number }) => Panel[];
}

export function useLeads(record: ShallowRef<OpenedRecord | null>): Leads {
  const all = shallowRef<LeadDisplay[]>([]);
  const twelve = ref(false);
  const rows = computed(() => (record.value ? twelveLeads(record.value.leads.map(({ lead }) => lead)) : null));
  // Not of the record itself: another annotation set keeps the leads as the user has arranged them.
  watch(
    () => record.value?.leads,
    (leads) => {
      all.value = allLeads(leads?.length ?? 0);
      twelve.value = rows.value !== null;
    },
  );
  const isInverted = (lead: number): boolean => all.value.find((each) => each.lead === lead)?.inverted ?? false;
  return {
    all,
    hasTwelve: computed(() => rows.value !== null),
    twelve,
    lanes: computed(() =>
      twelve.value && rows.value ? rows.value.length + 1 : all.value.filter(({ shown }) => shown).length,
    ),
    toggle: (lead) => (all.value = toggleLead(all.value, lead)),
    invert: (lead) => (all.value = invertLead(all.value, lead)),
    move: (lead, by) => (all.value = moveLead(all.value, lead, by)),
    panels: (size) =>
      twelve.value && rows.value
        ? twelveLeadPanels(size, rows.value, isInverted)
        : stackedPanels(
            size,
            all.value.filter(({ shown }) => shown),
          ),
  };
}
