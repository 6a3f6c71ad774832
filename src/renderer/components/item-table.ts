/** Texts and links of a row of a table of stored items. */

export interface NamedItem {
  id: number;
  /** Empty: no name. */
  name: string;
}

export interface ItemText {
  /** The name, or what is shown in its place. */
  title: string;
  /** Address of the item. */
  to: string;
  /** Names the item within a sentence: `preparation 3`. */
  spoken: string;
  /** Begins the notice of a removal: `Preparation 3`. */
  notice: string;
  next: { to: string; label: string };
}
