/** Custom networks in the workspace: saved, named, removed and restored; and the time of their steps. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { EctopyError } from "../../src/contract/domain/errors.ts";
import type { EventMessage } from "../../src/contract/api/events.ts";
import type { SpeedQuestion } from "../../src/contract/domain/step-speed.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../src/contract/domain/networks.ts";
import { createHost, type Host } from "../../src/main/api/host.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { askEctopy, expectRefusal, runEctopy } from "../support/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-networks-"));
const workspace = join(folder, "workspace");
let host: Host;
const open = (): Host => createHost(workspace, new PreferenceStore(join(folder, "settings.json")), () => {});

beforeAll(() => void (host = open()));
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const small = (name: string): NetworkSpec => ({
  name,
  layers: [{ id: "dense-1", kind: "dense", units: 4, activation: "relu" }],
});
const names = async (): Promise<string[]> =>
  (await host.handlers["networks.list"]({})).map(({ network }) => network.name);
const refusal = async (work: () => unknown): Promise<EctopyError> => {
  try {
    await work();
  } catch (error) {
    return error as EctopyError;
  }
  throw new Error("It was not refused.");
};

describe("networks", () => {
  it("are saved, changed, removed and restored, each time with an event to every page", async () => {
    const events: EventMessage[] = [];
    const stop = host.events.listen((event) => events.push(event));
    const one = await host.handlers["networks.save"]({ network: small("One") });
    const two = await host.handlers["networks.save"]({ network: small("Two") });
    expect(await names()).toEqual(["One", "Two"]);
    const changed = await host.handlers["networks.save"]({ id: one.id, network: small("Uno") });
    expect(changed).toMatchObject({ id: one.id, network: small("Uno"), createdAt: one.createdAt });
    await host.handlers["networks.remove"]({ network: two.id });
    expect(await names()).toEqual(["Uno"]);
    await host.handlers["networks.restore"]({ network: two.id });
    expect(await names()).toEqual(["Uno", "Two"]);
    expect(events.filter(({ event }) => event === "networks.changed")).toHaveLength(5);
    stop();
  });

  it("have unique names, whatever their case", async () => {
    const save = (name: string) => () => host.handlers["networks.save"]({ network: small(name) });
    expect((await refusal(save("uno"))).message).toBe("Another network has the name “Uno”.");
    expect((await refusal(save("CNN"))).message).toBe("“CNN” is the name of a preset.");
    const [, two] = await host.handlers["networks.list"]({});
    await host.handlers["networks.remove"]({ network: two.id });
    const other = await host.handlers["networks.save"]({ network: small("two") });
    expect((await refusal(() => host.handlers["networks.restore"]({ network: two.id }))).code).toBe("invalid-settings");
    expect(await names()).toEqual(["Uno", "two"]);
    await host.handlers["networks.save"]({ id: other.id, network: small("Three") });
    await host.handlers["networks.restore"]({ network: two.id });
    expect(await names()).toEqual(["Uno", "Two", "Three"]);
    const gone = await refusal(() => host.handlers["networks.save"]({ id: 99, network: small("x") }));
    expect(gone.code).toBe("not-found");
  });

  it("can be named on the command line while the app is open", async () => {
    const shown = await askEctopy<{ network: NetworkSpec }>(["network", "uno"], { workspace });
    expect(shown.network).toEqual(small("Uno"));
    expectRefusal(await runEctopy(["network", "quattro"], { workspace }), 2, /no network “quattro”.*no saved network/);
  });

  it("stay in the bin after the workspace is opened again, until it is emptied", async () => {
    const [uno, two] = await host.handlers["networks.list"]({});
    await host.handlers["networks.remove"]({ network: uno.id });
    await host.close();
    host = open();
    expect(await names()).toEqual([two.network.name, "Three"]);
    expect((await host.handlers["workspace.bin"]({})).items).toMatchObject([
      { kind: "networks", title: "Network: Uno" },
    ]);
    expect(await host.handlers["workspace.emptyBin"]({})).toEqual({ items: 1 });
    expect((await refusal(() => host.handlers["networks.restore"]({ network: uno.id }))).code).toBe("not-found");
  });
});

describe("the time of a step", () => {
  const { batch, precision, threads, backend } = defaultTraining("ann");
  const question: SpeedQuestion = {
    network: "ann",
    batch,
    precision,
    threads,
    backend,
    windowLength: 40,
    classes: 3,
  };

  it("is unknown until it is measured, and then applies to the same layers under any name", async () => {
    expect(await host.handlers["networks.speed"](question)).toBeNull();
    const { job } = await host.handlers["networks.measure"](question);
    await expect.poll(() => host.jobs.list().find(({ id }) => id === job.id)?.state, { timeout: 120_000 }).toBe("done");
    const speed = await host.handlers["networks.speed"](question);
    expect(speed?.milliseconds).toBeGreaterThan(0);
    expect(speed?.device).not.toBe("");
    const copy = { ...question, network: { ...presets.ann, name: "Copy" } };
    expect(await host.handlers["networks.speed"](copy)).toEqual(speed);
    expect(await host.handlers["networks.speed"]({ ...question, batch: 2 * batch })).toBeNull();
    expect(await host.handlers["networks.speed"]({ ...question, windowLength: 41 })).toBeNull();
  });
});
