import { expect, it } from "vitest";
import { TRAINED_ELSEWHERE } from "./notices.ts";
import { originText, trainedOnTestsText } from "./model-origin.ts";

it("says what is known of the training of a model", () => {
  expect(originText({})).toEqual([]);
  expect(originText({ importedFrom: "a.h5" })).toEqual([TRAINED_ELSEWHERE]);
  expect(originText({ importedFrom: "a.h5", trainedOnTest: [] })[0]).toContain("none of its training recordings is in");
  expect(originText({ importedFrom: "a.h5", trainedOnTest: ["100", "105"] })[0]).toContain(
    "Recordings 100, 105 of the test set, or other recordings of their patients, trained the model",
  );
});

it("says which runs were trained on test recordings of others", () => {
  const text = trainedOnTestsText({ trained: [3], tested: [5, 6], records: ["100"] });
  expect(text).toBe(
    "Run 3 trained on recordings that runs 5, 6 are tested on, or on recordings of the same patients: 100. " +
      "On that test set, its metrics would be no test.",
  );
});
