/** A colour for each compared run, the same in every chart; from the ninth on the lines are dashed. */

/** Wong's palette (Nature Methods 8, 441, 2011), which colour-blind readers can tell apart, a little darker or lighter by theme. */
const palettes = {
  light: ["#0072b2", "#b35900", "#00795b", "#a3487a", "#2f6f9f", "#7a5c00", "#5b5fc7", "#4d4d4d"],
  dark: ["#56b4e9", "#e69f00", "#35c79a", "#e08fbf", "#8fc7ee", "#d9c84a", "#a9abff", "#c0c0c0"],
} as const;

export function runColour(place: number, dark: boolean): string {
  const palette = palettes[dark ? "dark" : "light"];
  return palette[place % palette.length];
}

export function isDashed(place: number): boolean {
  return place >= palettes.light.length;
}
