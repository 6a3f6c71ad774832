import { expect, it } from "vitest";
import { describeEvent } from "./describe-event.ts";
import type { EventGroup } from "./events.ts";

const group = (key: string, kind: EventGroup["kind"], starts: number[], ends = starts): EventGroup => ({
  key,
  kind,
  label: key,
  title: "Atrial fibrillation",
  noun: key,
  colourSymbol: "",
  starts: Uint32Array.from(starts),
  ends: Uint32Array.from(ends),
});
const intervals = { samples: Uint32Array.of(180, 300), seconds: Float32Array.of(0.8, 1.2) };

it("describes a beat with its RR intervals and its heart rate", () => {
  expect(describeEvent({ group: group("V", "beat", [180]), index: 0 }, intervals, 100)).toEqual({
    label: "V",
    text: "1 of 1 at 0:01.800 · RR (prev) 800 ms · RR (next) 1200 ms · HR 75 bpm",
  });
});

it("describes an episode with its extent", () => {
  expect(describeEvent({ group: group("AFIB", "rhythm", [50], [250]), index: 0 }, intervals, 100)).toEqual({
    label: "AFIB",
    text: "1 of 1 · Atrial fibrillation · 0:00.50 to 0:02.50 · 2.00 s",
  });
});
