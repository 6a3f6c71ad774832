/** Entries of the command palette: screens, commands of the current screen, items of the workspace, terms of the glossary. */

export interface PaletteItem {
  key: string;
  /** Kind of entry, shown beside it: `Screen`, `Run`. */
  kind: string;
  label: string;
  /** Further text that is searched and shown: the network and the dataset of a run. */
  hint: string;
  run: () => void;
}

/** More results than this are not read: another word finds the entry sooner. */
export const MAX_RESULTS = 12;

/**
 * Returns the entries that have every word, in any case, the best first: those whose label is the text, then begins with it, then has
 * a word that begins with it. Entries of equal rank keep their order.
 */
export function searchPalette(items: readonly PaletteItem[], text: string): PaletteItem[] {
  const query = text.trim().toLowerCase();
  const words = query.split(/\s+/).filter(Boolean);
  const ranked = items.flatMap((item, position) => {
    const label = item.label.toLowerCase();
    const all = `${item.kind} ${label} ${item.hint}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    const rank = label === query ? 0 : label.startsWith(query) ? 1 : ` ${label}`.includes(` ${query}`) ? 2 : 3;
    return [{ item, rank, position }];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.position - b.position);
  return ranked.slice(0, MAX_RESULTS).map(({ item }) => item);
}
