import { expect, it } from "vitest";
import { renamedSignalFile } from "./renamed-signals.ts";

it.each([
  ["r.dat", ["r.dat"], "own.dat"],
  ["r.DAT", ["r.DAT"], "own.dat"],
  ["r.dat", ["r.dat", "r.xyz"], "own.dat"],
  ["r.dat", ["r.dat", "other.dat"], null],
  ["r.dat", ["r.dat", "own.dat"], null],
  ["r", ["r"], null],
])("looks for %s of %j under the header's name: %s", (missing, named, expected) => {
  expect(renamedSignalFile("own", missing, named)).toBe(expected);
});
