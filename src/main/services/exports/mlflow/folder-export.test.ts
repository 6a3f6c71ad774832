import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openExperiment } from "./folder-export.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy folder-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("writes an experiment's description again where a killed process left half of it", async () => {
  const { path, id } = await openExperiment(folder, "ECG");
  const meta = join(path, "meta.yaml");
  const whole = readFileSync(meta, "utf8");
  writeFileSync(meta, whole.slice(0, 20));
  expect((await openExperiment(folder, "ECG")).id).toBe(id);
  expect(readFileSync(meta, "utf8")).toMatch(/name: "?ECG"?/);
});
