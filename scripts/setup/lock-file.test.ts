import { describe, expect, it } from "vitest";
import { matchesLock, packagesFor, type LockFile } from "./lock-file.mjs";

const machine = { platform: "linux", arch: "x64" };
const lock: LockFile = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/everywhere": { version: "1.0.0" },
    "node_modules/here": { version: "2.0.0", os: "linux", cpu: ["x64", "arm64"], optional: true },
    "node_modules/elsewhere": { version: "2.0.0", os: ["win32"], optional: true },
    "node_modules/not-here": { version: "3.0.0", os: ["!linux"] },
  },
};

describe("packagesFor", () => {
  it("leaves out the project and packages of other systems", () => {
    expect(packagesFor(lock, machine)).toEqual(["node_modules/everywhere", "node_modules/here"]);
  });
});

describe("matchesLock", () => {
  const installed = (packages: LockFile["packages"]): boolean => matchesLock(lock, { packages }, machine);

  it("accepts the versions of the lock file, and missing optional packages", () => {
    expect(installed({ "node_modules/everywhere": { version: "1.0.0" } })).toBe(true);
  });

  it("refuses another version, a missing package and an interrupted installation", () => {
    expect(installed({ "node_modules/everywhere": { version: "1.0.1" } })).toBe(false);
    expect(
      installed({ "node_modules/everywhere": { version: "1.0.0" }, "node_modules/here": { version: "1.9.9" } }),
    ).toBe(false);
    expect(installed({})).toBe(false);
    expect(matchesLock(lock, undefined, machine)).toBe(false);
  });
});
