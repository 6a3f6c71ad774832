import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Label, LabelChange } from "../../contract/domain/labels.ts";
import { changesText, parseChanges } from "./review-changes.ts";

const label: fc.Arbitrary<Label> = fc.record({
  sample: fc.nat(30_000_000),
  symbol: fc.constantFrom("N", "V", "+", "|", '"'),
  subtype: fc.integer({ min: -128, max: 127 }),
  text: fc.constantFrom("", "(AFIB", "ä"),
  flags: fc.nat(7),
  probability: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});
const change: fc.Arbitrary<LabelChange> = fc.record({ from: fc.option(label), to: fc.option(label) });
const relabelled = (count: number): LabelChange[] =>
  Array.from({ length: count }, (_, i) => {
    const from: Label = { sample: 250 * i, symbol: "N", subtype: 0, text: "", flags: 0, probability: null };
    return { from, to: { ...from, symbol: "V", flags: 4 } };
  });

describe("changes of a log entry", () => {
  it("are read as they were stored, few or many, alike or not", () => {
    const sides = fc.constantFrom<(each: LabelChange) => LabelChange>(
      (each) => each,
      ({ from }) => ({ from, to: null }),
      ({ to }) => ({ from: null, to }),
      ({ from }) => ({ from, to: from && { ...from, symbol: "V", flags: 4 } }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 150, size: "max" }), sides, (all, side) => {
        const changes = all.map(side);
        expect(parseChanges(changesText(changes), "edit 1")).toEqual(changes);
        const whole = changes.filter(({ from, to }) => from !== null && to !== null);
        expect(parseChanges(changesText(whole), "edit 1")).toEqual(whole);
      }),
      { seed: 31, numRuns: 100 },
    );
  });

  it("take 6 bytes a beat where a family is relabelled", () => {
    const changes = relabelled(1000);
    expect(changesText(changes).length).toBeLessThan(6 * 1000);
    expect(parseChanges(changesText(changes), "edit 1")).toEqual(changes);
  });

  it("are read as pairs, as earlier versions stored them", () => {
    const text = '[[[10,"N",0,0,0.75,""],[10,"V",0,4,null,""]],[null,[20,"+",0,4,null,"(AFIB"]]]';
    expect(parseChanges(text, "edit 1")).toEqual([
      {
        from: { sample: 10, symbol: "N", subtype: 0, flags: 0, probability: 0.75, text: "" },
        to: { sample: 10, symbol: "V", subtype: 0, flags: 4, probability: null, text: "" },
      },
      { from: null, to: { sample: 20, symbol: "+", subtype: 0, flags: 4, probability: null, text: "(AFIB" } },
    ]);
  });

  it("are refused where columns are cut", () => {
    const text = changesText(relabelled(100));
    const columns = JSON.parse(text) as { count: number };
    const cut = JSON.stringify({ ...columns, count: 99 });
    expect(() => parseChanges(cut, "edit 7 of a review")).toThrow(EctopyError);
    expect(() => parseChanges(cut, "edit 7 of a review")).toThrow(/edit 7 of a review/);
  });
});
