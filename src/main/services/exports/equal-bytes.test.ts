/** The same run, exported at two times: which exports hold the clock's time, and that the others don't. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addFinishedRun, addPreparation } from "../../../../tests/support/finished-runs.ts";
import { modelFormats, type MlflowTarget } from "../../../contract/domain/exports.ts";
import { openWorkspace, type Workspace } from "../../store/workspace.ts";
import { createServices, type Services } from "../compose.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-equal-bytes-"));
let workspace: Workspace;
let services: Services;

beforeAll(async () => {
  workspace = openWorkspace(join(folder, "workspace"), "write", () => {});
  addPreparation(workspace);
  await addFinishedRun(workspace);
  services = createServices(workspace, () => {});
});
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

const TIMES = ["2027-01-01T00:00:00Z", "2031-07-09T12:34:56Z"];

/** Every file below a folder, by its path there. */
function filesBelow(place: string): Map<string, string> {
  const paths = readdirSync(place, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(place, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(place, path)).toString("base64")]));
}

describe("the same run, exported at two times", () => {
  it.each(modelFormats)("gives the same bytes as %s", async (format) => {
    const exported: Map<string, string>[] = [];
    for (const time of TIMES) {
      vi.setSystemTime(time);
      const { place, outcome } = await services.exports.model(1, format, join(folder, time.slice(0, 4)));
      expect(outcome).toBe("created");
      exported.push(filesBelow(place));
    }
    expect(exported[0].size).toBeGreaterThan(2);
    expect(exported[1]).toEqual(exported[0]);
  });

  it("gives the same bytes in an experiment of MLflow's, which alone says when it was created", async () => {
    const parent = join(folder, "mlflow");
    const target: MlflowTarget = { place: parent, experiment: "Equal bytes", credentials: {} };
    const exported: Map<string, string>[] = [];
    for (const time of TIMES) {
      vi.setSystemTime(time);
      const watch = { progress: () => {}, signal: new AbortController().signal };
      const [{ outcome }] = await services.exports.mlflow([1], target, watch);
      expect(outcome).toBe("created");
      exported.push(filesBelow(parent));
      rmSync(parent, { recursive: true });
    }
    const [first, second] = exported;
    expect(first.size).toBeGreaterThan(20);
    expect([...second.keys()]).toEqual([...first.keys()]);
    const different = [...first.keys()].filter((path) => first.get(path) !== second.get(path));
    expect(different.map((path) => path.split("/").length)).toEqual([3]);
    expect(different[0]).toMatch(/^mlruns\/\d+\/meta\.yaml$/);
  });
});
