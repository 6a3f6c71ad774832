/** A list of the shell that stays fresh (fresh-value.ts). */
import type { ComputedRef } from "vue";
import { freshValue, type FreshValue } from "./fresh-value.ts";

export interface FreshList<T> extends Omit<FreshValue<readonly T[]>, "value"> {
  items: ComputedRef<readonly T[]>;
}

/**
 * @param load requests the whole list
 * @param onChange subscribes to changes of the list; returns the function that unsubscribes
 */
export function freshList<T>(
  load: () => Promise<readonly T[]>,
  onChange: (changed: () => void) => () => void,
): FreshList<T> {
  const { value: items, ...rest } = freshValue<readonly T[]>([], load, onChange);
  return { items, ...rest };
}
