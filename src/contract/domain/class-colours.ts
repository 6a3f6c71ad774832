/**
 * Colour of each beat class, the same in traces, bars, matrices and curves, always shown with its symbol.
 *
 * Found by a search: any two colours of a theme differ by at least 0.08 in OKLab for full colour vision, protanopia and
 * deuteranopia, and each has a contrast of 3:1 to the background. Tested in src/renderer/theme/class-colours.test.ts.
 */

interface ClassColour {
  light: string;
  dark: string;
}

/** By symbol: the classes of the reference study, which include AAMI's N, S, V, F and Q. */
const colours: Record<string, ClassColour> = {
  N: { light: "#4e529c", dark: "#b7baff" },
  V: { light: "#fe081d", dark: "#c14a09" },
  A: { light: "#3b892f", dark: "#cae88f" },
  S: { light: "#4397b2", dark: "#b1edfa" },
  L: { light: "#a06df7", dark: "#847bfb" },
  R: { light: "#91341a", dark: "#ab7469" },
  F: { light: "#7a3b64", dark: "#8f5f88" },
  Q: { light: "#716cc3", dark: "#8e7ec2" },
  f: { light: "#709b75", dark: "#6da92d" },
  a: { light: "#8c657e", dark: "#e3b2c3" },
  j: { light: "#220fc6", dark: "#6f63c5" },
  J: { light: "#4042f0", dark: "#8c9dfc" },
  e: { light: "#4f0b8a", dark: "#8c29fe" },
  E: { light: "#750618", dark: "#e39580" },
  x: { light: "#5b1750", dark: "#cf92bb" },
};

/** Colour of symbols outside these classes, such as `/` (a paced beat). */
const other: ClassColour = { light: "#59636c", dark: "#9aa5ad" };

export const colouredSymbols: readonly string[] = Object.keys(colours);

/** Returns the colour of a class. @param symbol class label or annotation symbol */
export function classColour(symbol: string, dark: boolean): string {
  const colour = Object.hasOwn(colours, symbol) ? colours[symbol] : other;
  return colour[dark ? "dark" : "light"];
}
