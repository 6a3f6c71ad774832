import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, compareLabels, REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";
import { learnedChanges, takenBackChanges, type NetworkLabel } from "./learn-labels.ts";

const symbols = fc.constantFrom("N", "V", "A", "~", "+");
const labelsOf = fc
  .uniqueArray(
    fc.record({
      sample: fc.nat(500),
      symbol: symbols,
      subtype: fc.constant(0),
      text: fc.constant(""),
      flags: fc.nat(7),
      probability: fc.option(fc.constantFrom(0.25, 0.5, 0.75)),
    }),
    { selector: ({ sample }) => sample, maxLength: 60 },
  )
  .map((labels): Label[] => labels.sort(compareLabels));
const networkOf = (labels: readonly Label[]): fc.Arbitrary<Map<number, NetworkLabel>> =>
  fc
    .array(
      fc.record({ symbol: fc.constantFrom("N", "V", "A"), probability: fc.constantFrom(0.5, 1), flags: fc.nat(7) }),
      {
        minLength: labels.length,
        maxLength: labels.length,
      },
    )
    .map((of) => new Map(of.map((each, i) => [labels[i].sample, each])));
const both = labelsOf.chain((labels) => fc.tuple(fc.constant(labels), networkOf(labels)));

const isReviewed = ({ flags }: Label): boolean => (flags & REVIEWED_FLAG) !== 0;

describe("learnedChanges", () => {
  it("alters no label that a reviewer has set, and marks none as reviewed", () => {
    fc.assert(
      fc.property(both, ([labels, beats]) => {
        const after = applyChanges(labels, learnedChanges(labels, beats));
        expect(after.filter(isReviewed)).toEqual(labels.filter(isReviewed));
        expect(after.filter(({ symbol }) => "~+".includes(symbol))).toEqual(
          labels.filter(({ symbol }) => "~+".includes(symbol)),
        );
        expect(after.map(({ sample }) => sample)).toEqual(labels.map(({ sample }) => sample));
      }),
      { seed: 23 },
    );
  });
});

describe("takenBackChanges", () => {
  it("restores the labels before, except those that were reviewed since", () => {
    fc.assert(
      fc.property(both, fc.nat(59), ([labels, beats], chosen) => {
        const learned = learnedChanges(labels, beats);
        let now = applyChanges(labels, learned);
        expect(applyChanges(now, takenBackChanges(now, learned))).toEqual(labels);
        const reviewed = now.at(chosen % Math.max(1, now.length));
        if (reviewed === undefined) return;
        const confirmed = { ...reviewed, flags: reviewed.flags | REVIEWED_FLAG };
        now = applyChanges(now, [{ from: reviewed, to: confirmed }]);
        expect(applyChanges(now, takenBackChanges(now, learned))).toContainEqual(confirmed);
      }),
      { seed: 29 },
    );
  });
});
