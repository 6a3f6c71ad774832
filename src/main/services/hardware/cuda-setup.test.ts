import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { setUpCuda } from "./cuda-setup.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-cuda-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands in for the set-up: it stores its arguments. */
function standIn(status: number): string {
  const path = join(folder, "cuda.mjs");
  writeFileSync(
    path,
    `import { writeFileSync } from "node:fs";
     writeFileSync(${JSON.stringify(join(folder, "arguments"))}, process.argv.slice(2).join(" "));
     process.exitCode = ${status};`,
  );
  return path;
}

it("passes the answer to the set-up", async () => {
  await setUpCuda("install", { yes: true }, standIn(0));
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe("install --yes");
  await setUpCuda("remove", { yes: false }, standIn(0));
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe("remove");
});

it("reports a set-up that failed, and an app without a set-up", async () => {
  await expect(setUpCuda("install", { yes: true }, standIn(1))).rejects.toMatchObject({ code: "engine-unavailable" });
  await expect(setUpCuda("install", { yes: true }, null)).rejects.toMatchObject({ code: "unsupported" });
});
