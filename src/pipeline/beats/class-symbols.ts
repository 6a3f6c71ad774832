/** Annotation symbols of predicted classes: an annotation set holds WFDB's symbols, not class labels. */
import { classesOf, isBeatSymbol, type ClassMap } from "../../contract/domain/class-maps.ts";

/** Symbol of a heartbeat that has no class. */
export const UNCLASSIFIED_SYMBOL = "?";

/**
 * Returns the symbol of each class: its label where that is one, as with AAMI classes, else the first symbol of the class.
 * Two classes never share a symbol, because a symbol is in one class at most.
 */
export function classSymbols(map: ClassMap, labels: readonly string[]): string[] {
  return labels.map((label) => {
    const symbols = classesOf(map).find((each) => each.label === label)?.symbols ?? "";
    if (isBeatSymbol(label) && (symbols === "" || symbols.includes(label))) return label;
    return [...symbols].at(0) ?? UNCLASSIFIED_SYMBOL;
  });
}
