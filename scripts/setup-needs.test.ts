import { expect, it } from "vitest";
import { setupNeeds } from "./setup-needs.mjs";

it("asks for every step where none is named", () => {
  expect(setupNeeds([])).toEqual(["packages", "node", "electron", "tensorflow", "kernels", "python", "browser"]);
});

// `npm start` builds the kernels in the background: that must not install the packages of the tests.
it("asks for the app's packages alone where a step needs no others", () => {
  expect(setupNeeds(["kernels"])).toEqual(["app-packages", "node", "kernels"]);
});

it("asks for all packages where a step needs one of the tests", () => {
  expect(setupNeeds(["tensorflow"])).toEqual(["packages", "node", "tensorflow"]);
  expect(setupNeeds(["packages", "electron"])).toEqual(["packages", "node", "electron"]);
});
