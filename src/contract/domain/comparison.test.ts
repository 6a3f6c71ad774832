import { expect, it } from "vitest";
import { caveatsByRuns, comparableGroups, testKey } from "./comparison.ts";

it("groups runs with the same limitations", () => {
  const known = { protocol: "intra-patient", caveats: ["Patients are known."] } as const;
  const blended = {
    protocol: "reference",
    caveats: ["Test beats are interpolations.", "Patients are known."],
  } as const;
  const runs = [
    { id: 7, ...known, caveats: [...known.caveats] },
    { id: 2, ...blended, caveats: [...blended.caveats] },
    { id: 9, ...known, caveats: [...known.caveats] },
  ];
  expect(caveatsByRuns(runs)).toEqual([
    { runs: [7, 9], ...known },
    { runs: [2], ...blended },
  ]);
  expect(caveatsByRuns([])).toEqual([]);
});

it("distinguishes test sets by dataset, protocol and beats, not by the preparation", () => {
  const one = {
    datasetId: 1,
    settings: { protocol: "inter-patient" },
    summary: { testSetHash: "beats" },
    fingerprint: "a",
  } as const;
  expect(testKey({ ...one, fingerprint: "b" })).toBe(testKey(one));
  expect(testKey({ ...one, datasetId: 2 })).not.toBe(testKey(one));
  expect(testKey({ ...one, settings: { protocol: "intra-patient" } })).not.toBe(testKey(one));
  expect(testKey({ ...one, summary: { testSetHash: "others" } })).not.toBe(testKey(one));
  // Synthetic test beats, or a preparation of an earlier version: only the same preparation is comparable.
  expect(testKey({ ...one, summary: {} })).not.toBe(testKey({ ...one, summary: {}, fingerprint: "b" }));
});

it("groups runs with the same test set, in their order", () => {
  const runs = [
    { id: 4, testKey: "b" },
    { id: 1, testKey: "a" },
    { id: 3, testKey: "b" },
  ];
  expect(comparableGroups(runs).map((group) => group.map(({ id }) => id))).toEqual([[4, 3], [1]]);
});
