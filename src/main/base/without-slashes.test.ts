import { expect, it } from "vitest";
import { withoutSlashes } from "./without-slashes.ts";

it("takes the slashes from the end of an address alone", () => {
  expect(["", "/", "//", "a", "a/", "/a//", "a/b///"].map(withoutSlashes)).toEqual(["", "", "", "a", "a", "/a", "a/b"]);
});

it("leaves an address of slashes inside as it is, however many there are", () => {
  const address = `http://host${"/".repeat(300_000)}x`;
  expect(withoutSlashes(address)).toBe(address);
});
