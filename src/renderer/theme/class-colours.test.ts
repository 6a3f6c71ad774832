import { describe, expect, it } from "vitest";
import { contrast, linear } from "../testing/contrast.ts";
import { classColour, colouredSymbols } from "./class-colours.ts";
import { tokens } from "./tokens.ts";

type Colour = [number, number, number];

/** Machado, Oliveira & Fernandes 2009 (IEEE TVCG 15:1291-1298), severity 1, on linear RGB. */
const visions: Record<string, [Colour, Colour, Colour]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function seen(vision: [Colour, Colour, Colour], [r, g, b]: Colour): Colour {
  return vision.map((row) => Math.max(0, row[0] * r + row[1] * g + row[2] * b)) as Colour;
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab([r, g, b]: Colour): Colour {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The classes that most recordings have. */
const frequent = [..."NVASLRFQ"];
/** Least distance in OKLab: of any two classes, and of two frequent ones. */
const leastDistances: Record<string, { any: number; frequent: number }> = {
  full: { any: 0.11, frequent: 0.15 },
  protanopia: { any: 0.08, frequent: 0.11 },
  deuteranopia: { any: 0.08, frequent: 0.11 },
};

it("each class keeps its hue in both themes, within 12°", () => {
  const hue = (hex: string): number => {
    const [, a, b] = oklab(linear(hex));
    return (Math.atan2(b, a) * 180) / Math.PI;
  };
  const drifted = colouredSymbols.filter((symbol) => {
    const apart = Math.abs(hue(classColour(symbol, false)) - hue(classColour(symbol, true)));
    return Math.min(apart, 360 - apart) > 12;
  });
  expect(drifted).toEqual([]);
});

describe.each(["light", "dark"] as const)("class colours on the %s ground", (mode) => {
  // `/` stands for all symbols without a class colour.
  const colours = [...colouredSymbols, "/"].map((symbol) => ({ symbol, hex: classColour(symbol, mode === "dark") }));

  it.each(Object.keys(visions))("can be distinguished with %s vision", (name) => {
    const lab = colours.map(({ symbol, hex }) => ({ symbol, at: oklab(seen(visions[name], linear(hex))) }));
    const near = lab.flatMap((a, i) =>
      lab
        .slice(i + 1)
        .filter((b) => {
          const least =
            leastDistances[name][frequent.includes(a.symbol) && frequent.includes(b.symbol) ? "frequent" : "any"];
          return Math.hypot(...a.at.map((value, k) => value - b.at[k])) < least;
        })
        .map((b) => `${a.symbol} ${b.symbol}`),
    );
    expect(near).toEqual([]);
  });

  it.each(["ground", "surface", "paper"] as const)("have a contrast of 3:1 with the %s", (where) => {
    const weak = colours.filter(({ hex }) => contrast(hex, tokens[mode][where]) < 3);
    expect(weak).toEqual([]);
  });
});

describe.each(["light", "dark"] as const)("text on the %s ground", (mode) => {
  const t = tokens[mode];
  it.each([
    ["ink", t.ink],
    ["faint", t.faint],
    ["accent", t.accent],
    ["success", t.success],
    ["warning", t.warning],
    ["danger", t.danger],
  ])("%s reaches 4.5:1 on every surface", (_, colour) => {
    for (const ground of [t.ground, t.surface, t.sunken]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it("reaches 4.5:1 on the accent, and edges reach 3:1", () => {
    expect(contrast(t.onAccent, t.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t.accent, t.accentSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t.edge, t.surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(t.edge, t.paper)).toBeGreaterThanOrEqual(3);
  });
});
