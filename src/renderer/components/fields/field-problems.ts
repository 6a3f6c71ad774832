/**
 * Problems of a form's fields. A field with a wrong number leaves its value unchanged, so that the form's values alone
 * don't show the problem: the button that submits is disabled while there is one, and says why.
 */
import { computed, inject, provide, shallowReactive, type ComputedRef, type InjectionKey } from "vue";

/** A field of a form. */
interface FormField {
  label: string;
  problem: string | null;
  /** Shows the value again instead of the text that was typed. */
  reset: () => void;
}

export interface FieldProblems {
  /** The first problem with the label of its field: `Seed: Enter a whole number…`; an empty text: none. */
  first: ComputedRef<string>;
  /** Drops what was typed in fields with a problem. */
  reset: () => void;
  fields: Map<string, FormField>;
}

const key: InjectionKey<FieldProblems> = Symbol("field problems");

/** Collects the problems of all fields in this component, until one inside it collects its fields itself. */
export function useFieldProblems(): FieldProblems {
  const fields = shallowReactive(new Map<string, FormField>());
  const first = computed(() => {
    for (const { label, problem } of fields.values()) if (problem !== null) return `${label}: ${problem}`;
    return "";
  });
  const problems = { fields, first, reset: () => [...fields.values()].forEach(({ reset }) => reset()) };
  provide(key, problems);
  return problems;
}

/** Returns the collected problems of the form around a field; null outside of a form. */
export function formProblems(): FieldProblems | null {
  return inject(key, null);
}
