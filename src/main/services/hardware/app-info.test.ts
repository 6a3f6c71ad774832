import { expect, it } from "vitest";
import { version } from "../../version.ts";
import { appInfo } from "./app-info.ts";

it("has the version of the command line, and the licence of every package that is installed", async () => {
  const about = await appInfo();
  expect(about.version).toBe(version);
  expect(about.packages.length).toBeGreaterThan(10);
  const names = about.packages.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect(about.packages.filter(({ licence, version: installed }) => licence === "unknown" && installed !== "")).toEqual(
    [],
  );
});
