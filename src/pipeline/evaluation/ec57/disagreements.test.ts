import { expect, it } from "vitest";
import { annotation } from "../../../../tests/support/annotation.ts";
import { disagreementsOf } from "./disagreements.ts";

const options = { rate: 100, length: 10_000, convention: "ec57" } as const;
const one = [annotation(100, "N"), annotation(200, "V"), annotation(300, "L"), annotation(400, "N")];
const other = [annotation(110, "N"), annotation(201, "N"), annotation(300, "N"), annotation(500, "N")];

it("lists beats that one annotator alone has, by the time of that annotator", () => {
  expect([...disagreementsOf(one, other, { ...options, labels: false })]).toEqual([400, 500]);
});

it("lists beats of two classes, too, and not two symbols of one class", () => {
  expect([...disagreementsOf(one, other, { ...options, labels: true })]).toEqual([200, 400, 500]);
});

it("begins at the start of the recording", () => {
  expect([...disagreementsOf([annotation(3, "N")], [], { ...options, labels: true })]).toEqual([3]);
});
