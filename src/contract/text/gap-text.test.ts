import { expect, it } from "vitest";
import { gapRows } from "./gap-text.ts";

it("gives the gap of each metric in percentage points, and none for a class that is not tested", () => {
  const metrics = (f1: number, support: number) => ({ label: "S", ppv: f1, sensitivity: f1, f1, support });
  const rows = gapRows({
    reference: { accuracy: 0.997, macroF1: 0.99, weightedF1: 0.9 },
    interPatient: { accuracy: 0.72, macroF1: 0.99, weightedF1: 0.95 },
    classes: [
      { label: "S", reference: metrics(0.98, 10), interPatient: metrics(0.12, 10) },
      { label: "Q", reference: metrics(0.98, 10), interPatient: metrics(0, 0) },
    ],
  });
  expect(rows.map(({ name, difference }) => [name, difference])).toEqual([
    ["Accuracy", "−27.70"],
    ["Macro F1", "±0.00"],
    ["Weighted F1", "+5.00"],
    ["F1 of S", "−86.00"],
    ["F1 of Q", ""],
  ]);
});
