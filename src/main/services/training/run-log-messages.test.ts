import { expect, it } from "vitest";
import type { TrainingResult } from "../../../contract/domain/training.ts";
import { ended } from "./run-log-messages.ts";

const result = {
  bestEpoch: 3,
  epochs: [{}, {}, {}],
  stoppedEarly: false,
  cancelled: false,
} as unknown as TrainingResult;

it("names the epoch whose weights are kept", () => {
  expect(ended(result, { patience: 0 })).toBe("Completed. Best epoch 3 of 3, evaluated on the test set.");
  expect(ended(result, { patience: 0, keptEpoch: "last" })).toBe(
    "Completed. Last epoch 3 of 3, evaluated on the test set.",
  );
});
