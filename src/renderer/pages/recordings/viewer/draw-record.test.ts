import { expect, it } from "vitest";
import { tokens } from "../../../theme/tokens.ts";
import { drawRecord } from "./draw-record.ts";
import { CLOCK, HEAD, stackedPanels } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { SvgContext } from "./svg-context.ts";
import { TileStore } from "./tile-store.ts";

const [width, height, length] = [958, 300, 1000];

it("limits a high trace to the paper, so that annotations and times stay readable", async () => {
  const values = Float32Array.from({ length }, (_, i) => (i % 50 === 0 ? 20 : 0));
  const stretch = { from: 0, step: 1, minima: values, maxima: values };
  const options = { length, changed: () => {}, failed: () => {}, load: () => Promise.resolve([stretch]) };
  const raw = new TileStore(options);
  raw.request([{ level: 0, index: 0 }]);
  await expect.poll(() => raw.complete).toBe(true);
  const scene: Scene = {
    record: {
      length,
      rate: 100,
      leads: [{ lead: "MLII", units: "mV" }],
      annotations: { samples: new Uint32Array(), symbols: [], beats: new Uint8Array(), texts: [] },
      rhythm: {
        episodes: [],
        pauses: [],
        intervals: { samples: new Uint32Array(), seconds: new Float32Array() },
        heartRate: {
          binSeconds: 10,
          mean: new Float32Array(),
          lowest: new Float32Array(),
          highest: new Float32Array(),
        },
      },
      middles: [0],
      raw,
      denoised: new TileStore(options),
    },
    mostFrequent: "",
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
  const context = new SvgContext(width, height, (text) => 7 * text.length);
  drawRecord(context, scene);
  const svg = context.toSvg("");
  const trace = svg.indexOf(`stroke="${tokens.light.ink}"`);
  const clip = svg.slice(0, trace).lastIndexOf("<clipPath");
  expect(svg.slice(clip, trace)).toContain(`M0 ${HEAD}h900v${height - CLOCK - HEAD}h-900z`);
});
