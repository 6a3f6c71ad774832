/** Names of stored items, and what shows them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../../tests/support/finished-runs.ts";
import { openServices, type Services } from "../compose.ts";

let folder: string;
let services: Services;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-rename-"));
  services = openServices(folder, { mode: "write", warn: () => {} });
  addPreparation(services.workspace);
  await addFinishedRun(services.workspace);
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a new name", () => {
  it("is shown with the dataset, the preparation and the run", () => {
    const { names, results, runs } = services;
    names.rename("datasets", 1, "Ward 3");
    names.rename("preparations", 1, "By patient");
    names.rename("runs", 1, "Final");
    expect(results.dataset(1).dataset.name).toBe("Ward 3");
    expect(results.preparation(1).name).toBe("By patient");
    expect(results.run(1).remarks.name).toBe("Final");
    expect(runs.list()).toMatchObject([
      { name: "Final", preparation: { name: "By patient" }, dataset: { name: "Ward 3" } },
    ]);
  });

  it("keeps notes and tags of a run, and is kept by them", () => {
    const { names, results, runs } = services;
    runs.setRemarks(1, { notes: "looks good", tags: ["first"] });
    names.rename("runs", 1, "Final");
    runs.setRemarks(1, { tags: [] });
    expect(results.run(1).remarks).toEqual({ name: "Final", notes: "looks good", tags: [] });
  });

  it("is no damage to the stored folder", () => {
    const { names, workspace } = services;
    const kinds = ["datasets", "preparations", "runs"] as const;
    for (const kind of kinds) {
      workspace.addManifest(kind, 1, []);
      names.rename(kind, 1, "Other");
    }
    expect(kinds.map((kind) => workspace.agreesWithManifest(kind, 1))).toEqual([true, true, true]);
  });

  it("titles a removed preparation in the bin", async () => {
    services.names.rename("preparations", 1, "By patient");
    services.removal.remove("runs", 1);
    services.removal.remove("preparations", 1);
    const { items } = await services.bin.contents();
    expect(items.map(({ title }) => title)).toContain("Preparation 1: By patient");
  });

  it("is refused for an item that does not exist", () => {
    expect(() => services.names.rename("preparations", 9, "x")).toThrow("There is no preparation 9.");
  });
});
