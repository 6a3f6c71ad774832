import { expect, it } from "vitest";
import type { StepSettings } from "../../../contract/domain/step-speed.ts";
import { estimateText } from "./experiment-estimate.ts";

const one = { network: "ann", backend: "webgpu" } as StepSettings;
const other = { network: "cnn", backend: "webgpu" } as StepSettings;

it("gives the time of all runs where each speed is known", () => {
  expect(estimateText(3, { seconds: 90, knownRuns: 3, unmeasured: [] })).toBe(
    "3 runs, about 1 min 30 s in total without early stopping.",
  );
});

it("says why the time is unknown", () => {
  expect(estimateText(2, { seconds: 0, knownRuns: 0, unmeasured: [one] })).toBe(
    "2 runs. The training time is unknown: one combination of network and compute settings has no benchmark.",
  );
  expect(estimateText(4, { seconds: 0, knownRuns: 0, unmeasured: [one, other] })).toMatch(
    /: 2 combinations of .* have no/,
  );
});

it("gives the time of the runs whose speed is known, and says that the rest is unknown", () => {
  expect(estimateText(4, { seconds: 30, knownRuns: 2, unmeasured: [one] })).toBe(
    "4 runs. About 30 s for 2 of them, without early stopping; the time of the others is unknown: " +
      "one combination of network and compute settings has no benchmark.",
  );
});
