import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOCK, HEAD, labelled, lanesOf, minHeight, stackedPanels, twelveLeadPanels } from "./layout.ts";

describe("layout of the drawing", () => {
  it("gives each lead the same height", () => {
    const lanes = lanesOf(482, 2);
    expect(lanes[0].top).toBe(HEAD);
    expect(lanes[0].bottom).toBe(lanes[1].top);
    expect(lanes[1].bottom).toBe(482 - CLOCK);
    expect(lanes[0].middle - lanes[0].top).toBe(100);
    expect(lanesOf(10, 2)[1].bottom).toBe(HEAD);
  });

  it("has room for each lane, however many leads there are", () => {
    for (const leads of [1, 2, 12]) {
      const [lane] = lanesOf(minHeight(leads), leads);
      expect(lane.bottom - lane.top).toBeGreaterThanOrEqual(50);
    }
  });

  it("draws the shown leads in their order, each as wide as the view", () => {
    const panels = stackedPanels({ width: 800, height: 482 }, [
      { lead: 3, inverted: true },
      { lead: 0, inverted: false },
    ]);
    expect(panels.map(({ lead, inverted, left, right }) => [lead, inverted, left, right])).toEqual([
      [3, true, 0, 800],
      [0, false, 0, 800],
    ]);
    expect(panels[1].top).toBe(panels[0].bottom);
  });

  it("draws twelve leads in four columns, and lead II below them", () => {
    const rows = [
      [0, 3, 6, 9],
      [1, 4, 7, 10],
      [2, 5, 8, 11],
    ];
    const panels = twelveLeadPanels({ width: 800, height: 482 }, rows, (lead) => lead === 3);
    expect(panels).toHaveLength(13);
    expect(panels[1]).toMatchObject({ lead: 3, inverted: true, left: 200, right: 400, top: panels[0].top });
    expect(panels[12]).toMatchObject({ lead: 1, left: 0, right: 800, top: panels[8].bottom });
  });

  it("draws symbols of rarer types first where not all fit", () => {
    expect(labelled([0, 10, 20, 30, 60], [false, false, true, false, false])).toEqual([true, false, true, false, true]);
    expect(labelled([0, 40, 80], [false, false, false])).toEqual([true, true, true]);
  });

  it("draws symbols without overlap, and all where they fit", () => {
    const beats = fc.array(fc.record({ x: fc.nat(1000), rare: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(beats, (beatsInView) => {
        const sorted = beatsInView.sort((a, b) => a.x - b.x);
        const shown = labelled(
          sorted.map(({ x }) => x),
          sorted.map(({ rare }) => rare),
        );
        const xs = sorted.filter((_, i) => shown[i]).map(({ x }) => x);
        for (let i = 1; i < xs.length; i++) expect(xs[i] - xs[i - 1]).toBeGreaterThanOrEqual(13);
        // A symbol that is not drawn would overlap a neighbour.
        sorted.forEach(({ x }, i) => expect(shown[i] || xs.some((other) => Math.abs(other - x) < 13)).toBe(true));
      }),
    );
  });
});
