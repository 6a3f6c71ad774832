import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allLeads, invertLead, moveLead, toggleLead, twelveLeads } from "./lead-order.ts";

describe("leads", () => {
  it("are hidden and shown, but never all hidden", () => {
    const one = toggleLead(allLeads(2), 0);
    expect(one.map(({ shown }) => shown)).toEqual([false, true]);
    expect(toggleLead(one, 1).map(({ shown }) => shown)).toEqual([false, true]);
    expect(toggleLead(one, 0).map(({ shown }) => shown)).toEqual([true, true]);
  });

  it("are inverted one by one", () => {
    expect(invertLead(allLeads(2), 1).map(({ inverted }) => inverted)).toEqual([false, true]);
  });

  it("are moved by one position", () => {
    expect(moveLead(allLeads(3), 0, 1).map(({ lead }) => lead)).toEqual([1, 0, 2]);
    expect(moveLead(allLeads(3), 0, -1).map(({ lead }) => lead)).toEqual([0, 1, 2]);
  });

  it("stay the same leads however they are moved", () => {
    const moves = fc.array(fc.tuple(fc.nat(4), fc.constantFrom(1 as const, -1 as const)));
    fc.assert(
      fc.property(moves, (list) => {
        const moved = list.reduce((leads, [lead, by]) => moveLead(leads, lead, by), allLeads(5));
        expect(moved.map(({ lead }) => lead).sort()).toEqual([0, 1, 2, 3, 4]);
      }),
    );
  });

  it("are laid out as a 12-lead ECG where all twelve exist", () => {
    const names = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
    expect(twelveLeads(names)).toEqual([
      [0, 3, 6, 9],
      [1, 4, 7, 10],
      [2, 5, 8, 11],
    ]);
    expect(twelveLeads(names.slice(1))).toBeNull();
    expect(twelveLeads(["MLII", "V5"])).toBeNull();
  });
});
