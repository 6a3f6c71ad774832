import { describe, expect, it } from "vitest";
import { presets } from "../../contract/settings/network-presets.ts";
import { networkSchema } from "../../contract/domain/networks.ts";
import { beatsAtOnce } from "./beats-at-once.ts";

const shape = { windowLength: 360, classes: 14 };

describe("beatsAtOnce", () => {
  it("is 4096 rows or 512 sequences for the reference study's networks", () => {
    expect(Object.values(presets).map((network) => beatsAtOnce(network, shape))).toEqual([4096, 512, 512]);
  });

  it("is smaller for larger networks, so that memory stays below 1.5 GiB", () => {
    const lstm = { id: "lstm", kind: "lstm", units: 1000 };
    const large = networkSchema.parse({ name: "large", layers: [lstm] });
    // 9 · 1000 values of 4 bytes for each sample: 13 and 36 MB per beat.
    expect(beatsAtOnce(large, shape)).toBe(64);
    expect(beatsAtOnce(large, { ...shape, windowLength: 1000 })).toBe(32);
  });
});
