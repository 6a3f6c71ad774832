import { describe, expect, it } from "vitest";
import { matchesLock, packagesFor, reduceLock, withAddresses, type LockFile } from "./lock-file.mjs";

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

describe("reduceLock", () => {
  const nested: LockFile = {
    packages: {
      "": { version: "0.1.0", dependencies: { app: "1.0.0" }, devDependencies: { builder: "2.0.0", tests: "3.0.0" } },
      "node_modules/app": { version: "1.0.0", dependencies: { shared: "^1.0.0" } },
      "node_modules/builder": {
        version: "2.0.0",
        dependencies: { shared: "^2.0.0" },
        optionalDependencies: { binary: "2.0.0" },
        peerDependencies: { peer: "*", unused: "*" },
        peerDependenciesMeta: { unused: { optional: true } },
      },
      "node_modules/builder/node_modules/shared": { version: "2.0.0", dependencies: { deep: "1.0.0" } },
      "node_modules/binary": { version: "2.0.0", optional: true, os: ["win32"] },
      "node_modules/deep": { version: "1.0.0" },
      "node_modules/peer": { version: "1.0.0" },
      "node_modules/shared": { version: "1.0.0" },
      "node_modules/tests": { version: "3.0.0", dependencies: { shared: "^1.0.0" } },
      "node_modules/unused": { version: "1.0.0" },
    },
  };

  it("keeps the named packages and all that they need", () => {
    const { packages } = reduceLock(nested, ["app", "builder"]);
    expect(Object.keys(packages)).toEqual([
      "",
      "node_modules/app",
      "node_modules/builder",
      "node_modules/builder/node_modules/shared",
      "node_modules/binary",
      "node_modules/deep",
      "node_modules/peer",
      "node_modules/shared",
    ]);
    expect(packages[""]).toEqual({ version: "0.1.0", dependencies: { app: "1.0.0", builder: "2.0.0" } });
  });

  it("prefers a package's nested folder, as Node does", () => {
    const { packages } = reduceLock(nested, ["builder"]);
    expect(packages).not.toHaveProperty(["node_modules/shared"]);
  });
});

describe("withAddresses", () => {
  it("names the archive of each package, by its name at the registry", () => {
    const plain: LockFile = {
      packages: {
        "": { version: "0.1.0" },
        "node_modules/a": { version: "1.0.0" },
        "node_modules/@scope/b/node_modules/@scope/c": { version: "2.0.0" },
        "node_modules/alias": { name: "@scope/d", version: "3.0.0" },
        "node_modules/elsewhere": { version: "4.0.0", resolved: "https://example.org/e.tgz" },
      },
    };
    const { packages } = withAddresses(plain, "https://registry.example/npm/");
    expect(Object.values(packages).map(({ resolved }) => resolved)).toEqual([
      undefined,
      "https://registry.example/npm/a/-/a-1.0.0.tgz",
      "https://registry.example/npm/@scope/c/-/c-2.0.0.tgz",
      "https://registry.example/npm/@scope/d/-/d-3.0.0.tgz",
      "https://example.org/e.tgz",
    ]);
  });
});
