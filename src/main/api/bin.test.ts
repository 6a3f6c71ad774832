/** Events of the bin: every change reaches all windows. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../tests/support/finished-runs.ts";
import type { EventMessage } from "../../contract/api/events.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { createHost, type Host } from "./host.ts";

let folder: string;
let host: Host;
let events: EventMessage[];
/** Of datasets, preparations, networks and runs, since the last question; each once. */
const told = (): string[] => {
  const names = events.splice(0).map(({ event, data }) => (event === "run.changed" ? `run ${data.run}` : event));
  return [
    ...new Set(names.filter((name) => /^run \d+$|^(datasets|preparations|networks)\.changed$/.test(name))),
  ].sort();
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy bin-"));
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  events = [];
  host.events.listen((event) => events.push(event));
  addPreparation(host.workspace);
  await addFinishedRun(host.workspace);
  await host.handlers["runs.remove"]({ run: 1 });
  await host.handlers["preparations.remove"]({ preparation: 1 });
  await host.handlers["datasets.remove"]({ dataset: 1 });
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the bin", () => {
  it("announces each removed item", () => {
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
  });

  it("announces all items that are restored together", async () => {
    told();
    await host.handlers["runs.restore"]({ run: 1 });
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
    expect((await host.handlers["workspace.bin"]({})).items).toEqual([]);
    await host.handlers["runs.restore"]({ run: 1 });
    expect(told()).toEqual([]);
  });

  it("lists items with their sizes, the latest first, and announces all deleted items", async () => {
    told();
    const { items, bytes } = await host.handlers["workspace.bin"]({});
    expect(items.map(({ kind }) => kind)).toEqual(["datasets", "preparations", "runs"]);
    expect(bytes).toBeGreaterThan(0);
    const run = host.workspace.path("runs", 1);
    expect(existsSync(run)).toBe(true);
    expect(await host.handlers["workspace.emptyBin"]({})).toEqual({ items: 3 });
    expect(existsSync(run)).toBe(false);
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
  });

  it("announces items that are deleted because the disk is full", async () => {
    told();
    await host.services.bin.makeRoom();
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
  });
});
