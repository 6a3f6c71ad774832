import { describe, expect, it } from "vitest";
import { classColour } from "../../../theme/class-colours.ts";
import { tokens } from "../../../theme/tokens.ts";
import { drawAnnotations } from "./draw-annotations.ts";
import { HEAD, stackedPanels, SYMBOLS } from "./layout.ts";
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
  isReview: false,
  window: null,
  panels: stackedPanels({ width: 900, height }, [{ lead: 0, inverted: false }]),
  calipers: null,
  cursor: null,
  tokens: tokens.light,
  dark: false,
};

function drawn(shown = scene): { texts: string[]; rects: { y: number; height: number; fill: string }[] } {
  const context = new SvgContext(width, height, (text) => 7 * text.length);
  drawAnnotations(context, shown);
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

  it("of a second set are in a row above, with a band at each disagreement over both rows", () => {
    const other = { samples: Uint32Array.of(100), symbols: ["A"], beats: Uint8Array.of(1), texts: [""] };
    const compared = { name: "theirs", annotations: other, disagreements: Uint32Array.of(100), labels: true };
    const { texts, rects } = drawn({ ...scene, record: { ...scene.record, compared } });
    expect(texts.filter((text) => text === "A" || text === "V")).toEqual(["A", "V"]);
    expect(rects.some(({ y, height: high }) => y === HEAD - 2 * SYMBOLS && high === 2 * SYMBOLS)).toBe(true);
  });

  it("mark pacemaker spikes over the lanes, without a text at each", () => {
    const { samples, symbols, beats, texts } = scene.record.annotations;
    const paced = {
      samples: Uint32Array.of(...samples, 900),
      symbols: [...symbols, "^"],
      beats: Uint8Array.of(...beats, 0),
      texts: [...texts, ""],
    };
    const shown = drawn({ ...scene, record: { ...scene.record, annotations: paced } });
    expect(shown.texts).toEqual(drawn().texts);
    const [panel] = scene.panels;
    expect(shown.rects.some(({ y, height: high }) => y === panel.top && high === panel.bottom - panel.top)).toBe(true);
  });

  it("leave the trace free: below the rows, there are short ticks alone", () => {
    const inLanes = drawn().rects.filter((rect) => rect.y + rect.height > HEAD);
    expect(inLanes).toHaveLength(6);
    for (const rect of inLanes) expect(rect.height).toBeLessThanOrEqual(6);
  });
});
