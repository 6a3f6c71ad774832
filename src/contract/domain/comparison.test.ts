import { expect, it } from "vitest";
import { caveatsByRuns } from "./comparison.ts";

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
