import { describe, expect, it } from "vitest";
import { classColour } from "../../../theme/class-colours.ts";
import { tokens } from "../../../theme/tokens.ts";
import { drawAnnotations } from "./draw-annotations.ts";
import { HEAD, stackedPanels } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { SvgContext } from "./svg-context.ts";
import { TileStore } from "./tile-store.ts";

const [width, height, rate] = [958, 482, 100];
const store = (): TileStore =>
  new TileStore({ length: 1000, load: () => Promise.resolve([]), changed: () => {}, failed: () => {} });

const marks: [sample: number, symbol: string, text?: string][] = [
  [100, "N"],
  [200, "x"],
  [300, "V"],
  [500, "!"],
  [550, "!"],
  [700, "|"],
  [800, '"', "TS"],
  [850, "N"],
];
const scene: Scene = {
  record: {
    length: 1000,
    rate,
    leads: [{ lead: "MLII", units: "mV" }],
    annotations: {
      samples: Uint32Array.from(marks, ([sample]) => sample),
      symbols: marks.map(([, symbol]) => symbol),
      beats: Uint8Array.from(marks, ([, symbol]) => ("NV".includes(symbol) ? 1 : 0)),
      texts: marks.map(([, , text = ""]) => text),
    },
    rhythm: {
      episodes: [
        { kind: "rhythm", code: "N", from: 0, to: 480, leads: [] },
        { kind: "rhythm", code: "VFL", from: 480, to: 600, leads: [] },
        { kind: "noise", code: "n", from: 600, to: 690, leads: [0] },
      ],
      pauses: [{ from: 300, to: 510 }],
      intervals: { samples: new Uint32Array(), seconds: new Float32Array() },
      heartRate: { binSeconds: 10, mean: new Float32Array(), lowest: new Float32Array(), highest: new Float32Array() },
    },
    middles: [0],
    raw: store(),
    denoised: store(),
  },
  mostFrequent: "N",
  view: { start: 0, pixelsPerSecond: 90 },
  width,
  height,
  density: 1,
  gain: 10,
  denoised: false,
  selected: null,
  window: null,
  panels: stackedPanels({ width: 900, height }, [{ lead: 0, inverted: false }]),
  calipers: null,
  cursor: null,
  tokens: tokens.light,
  dark: false,
};

function drawn(): { texts: string[]; rects: { y: number; height: number; fill: string }[] } {
  const context = new SvgContext(width, height, (text) => 7 * text.length);
  drawAnnotations(context, scene);
  const svg = context.toSvg("");
  return {
    texts: [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text = ""]) => text),
    rects: [...svg.matchAll(/<rect x="[^"]*" y="([^"]*)" width="[^"]*" height="([^"]*)" fill="([^"]*)"/g)].map(
      ([, y, high, fill = ""]) => ({ y: Number(y), height: Number(high), fill }),
    ),
  };
}

describe("annotations", () => {
  it("are all drawn: rhythms, flutter waves, blocked P waves, noise, pauses, artefacts and notes", () => {
    const { texts } = drawn();
    for (const text of ["N", "VFL", "x", "V", "!", "noise", "pause 2.10 s", "Artefact", "TS"])
      expect(texts).toContain(text);
  });

  it("have the colour of their class: flutter that of ventricular beats", () => {
    const fills = drawn().rects.map(({ fill }) => fill);
    for (const symbol of ["N", "V", "x"]) expect(fills).toContain(classColour(symbol, false));
  });

  it("leave the trace free: below the rows, there are short ticks alone", () => {
    const inLanes = drawn().rects.filter((rect) => rect.y + rect.height > HEAD);
    expect(inLanes).toHaveLength(6);
    for (const rect of inLanes) expect(rect.height).toBeLessThanOrEqual(6);
  });
});
