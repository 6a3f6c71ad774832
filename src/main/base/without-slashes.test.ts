import { expect, it } from "vitest";
import { withoutSlashes } from "./without-slashes.ts";

it("removes only the slashes at the end of an address", () => {
  expect(["", "/", "//", "a", "a/", "/a//", "a/b///"].map(withoutSlashes)).toEqual(["", "", "", "a", "a", "/a", "a/b"]);
});

it("keeps any number of slashes inside an address", () => {
  const address = `http://host${"/".repeat(300_000)}x`;
  expect(withoutSlashes(address)).toBe(address);
});
