/** The bin as windows see it: what changes in it, in any way, is told to all of them. */
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
/** Of datasets, preparations, models and runs, since the last question; each once. */
const told = (): string[] => {
  const names = events.splice(0).map(({ event, data }) => (event === "run.changed" ? `run ${data.run}` : event));
  return [...new Set(names.filter((name) => /^run \d+$|^(datasets|preparations|models)\.changed$/.test(name)))].sort();
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
  it("tells of each item that is removed", () => {
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
  });

  it("tells of all that is restored with an item", async () => {
    told();
    await host.handlers["runs.restore"]({ run: 1 });
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
    expect((await host.handlers["workspace.bin"]({})).items).toEqual([]);
    await host.handlers["runs.restore"]({ run: 1 });
    expect(told()).toEqual([]);
  });

  it("lists the items with their sizes, the latest first, and tells of all that is deleted", async () => {
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

  it("tells of what is deleted because the disk is full", async () => {
    told();
    await host.services.bin.makeRoom();
    expect(told()).toEqual(["datasets.changed", "preparations.changed", "run 1"]);
  });
});
