/**
 * Colour of each beat class, the same in traces, bars, matrices and curves, always shown with its symbol.
 *
 * Each class has one hue in both themes (within 10° in OKLCH). Found by a search over all pairs in both themes: the distance in OKLab
 * is at least 0.11 for full colour vision, and 0.08 for protanopia and deuteranopia; between the frequent classes (N, V, A, S, L, R, F,
 * Q) 0.15 and 0.11. Each colour has a contrast of 3:1 to the background. Tested in src/renderer/theme/class-colours.test.ts.
 */

interface ClassColour {
  light: string;
  dark: string;
}

/** By symbol: the classes of the reference study, which include AAMI's N, S, V, F and Q. */
const colours: Record<string, ClassColour> = {
  N: { light: "#22567e", dark: "#9fdbff" },
  V: { light: "#f75f1e", dark: "#cf5e01" },
  A: { light: "#25a478", dark: "#3fffab" },
  S: { light: "#8a88dd", dark: "#765ddf" },
  L: { light: "#420037", dark: "#826077" },
  R: { light: "#715c00", dark: "#f1cb02" },
  F: { light: "#5d35c6", dark: "#bb9eff" },
  Q: { light: "#6f1f00", dark: "#f59870" },
  f: { light: "#9154e5", dark: "#987ebd" },
  a: { light: "#00755b", dark: "#57d4b4" },
  j: { light: "#4d869c", dark: "#80acc0" },
  J: { light: "#391700", dark: "#a9896e" },
  e: { light: "#2613a6", dark: "#588bff" },
  E: { light: "#002b63", dark: "#436aab" },
  x: { light: "#d01948", dark: "#c72c44" },
};

/** Colour of symbols outside these classes, such as `/` (a paced beat): grey, and as distant from the classes as they are. */
const other: ClassColour = { light: "#3f3b3f", dark: "#eeeeee" };

export const colouredSymbols: readonly string[] = Object.keys(colours);

/** Returns the colour of a class. @param symbol class label or annotation symbol */
export function classColour(symbol: string, dark: boolean): string {
  const colour = Object.hasOwn(colours, symbol) ? colours[symbol] : other;
  return colour[dark ? "dark" : "light"];
}
