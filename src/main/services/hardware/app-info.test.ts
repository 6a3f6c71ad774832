import { expect, it } from "vitest";
import { version } from "../../version.ts";
import { appInfo } from "./app-info.ts";

it("has the version of the command line, and the licence of every package", async () => {
  const about = await appInfo();
  expect(about.version).toBe(version);
  expect(about.packages.length).toBeGreaterThan(10);
  expect(about.packages.filter(({ licence }) => licence === "unknown")).toEqual([]);
});
