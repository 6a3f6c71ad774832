/** A list of the shell's that stays fresh (fresh-value.ts). */
import type { ShallowRef } from "vue";
import { freshValue, type FreshValue } from "./fresh-value.ts";

export interface FreshList<T> extends Omit<FreshValue<readonly T[]>, "value"> {
  items: ShallowRef<readonly T[]>;
}

/**
 * @param load asks for all of it
 * @param onChange calls back at each change; returns what ends that
 */
export function freshList<T>(
  load: () => Promise<readonly T[]>,
  onChange: (changed: () => void) => () => void,
): FreshList<T> {
  const { value: items, ...rest } = freshValue<readonly T[]>([], load, onChange);
  return { items, ...rest };
}
