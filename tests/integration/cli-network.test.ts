/** Custom networks on the command line: shown, refused if they are invalid, trained, and stored with the run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { networkSchema, type NetworkDescription, type NetworkSpec } from "../../src/contract/domain/networks.ts";
import { describeNetwork } from "../../src/engine/networks/describe-network.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
afterAll(folder.remove);

function fileOf(name: string, content: unknown): string {
  const path = join(folder.path, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 9, strides: 4, activation: "gelu" };
const average = { id: "average", kind: "global-average-pooling-1d" };
const small = { name: "Small", layers: [conv, { id: "norm", kind: "batch-normalization" }, average] };

interface Shown {
  network: NetworkSpec;
  description: NetworkDescription;
}

describe("ectopy network", () => {
  it("shows a network's layers, shapes and parameters, as text and as a document", async () => {
    const { stdout, status } = await runEctopy(["network", "ann"], options);
    expect(status).toBe(0);
    expect(stdout).toMatch(/dense-1 +dense +256, relu +input +256 +92,416/);
    expect(stdout).toContain("135,246 trainable parameters");
    const shown = await askEctopy<Shown>(["network", "cnn", "--window", "100", "--classes", "5"], options);
    expect(shown).toEqual({
      network: presets.cnn,
      description: describeNetwork(presets.cnn, { windowLength: 100, classes: 5 }),
    });
  });

  it("shows all presets without a name, and a file's network with its defaults filled in", async () => {
    const { networks } = await askEctopy<{ networks: Shown[] }>(["network"], options);
    expect(networks.map(({ network }) => network)).toEqual(Object.values(presets));
    const shown = await askEctopy<Shown>(["network", fileOf("small.json", small)], options);
    expect(shown.network).toEqual(networkSchema.parse(small));
    expect(shown.description.layers[0].outputShape).toEqual([90, 4]);
  });

  it("shows the inputs of a network for the sizes that are given, and what it lacks without them", async () => {
    const sizes = ["--features", "71", "--steps", "17"];
    const { stdout, status } = await runEctopy(["network", "rhythm-and-shape", ...sizes, "--plan"], options);
    expect(status).toBe(0);
    expect(stdout).toContain("Rhythm and shape, rhythm (71), sequence (17 × 71)");
    const without = await runEctopy(["network", "rhythm-and-shape"], options);
    expect(without.stdout).toContain("Its input “rhythm” needs features of each beat, which this preparation lacks.");
    expect(without.status).toBe(5);
  });

  it("reports an error at its layer, and ends with a specific exit status", async () => {
    const path = fileOf("short.json", {
      name: "Short",
      layers: [{ id: "pool", kind: "max-pooling-1d", poolSize: 9 }, conv],
    });
    const { status, stdout } = await runEctopy(["network", path, "--window", "5"], options);
    expect(stdout).toMatch(/Layer “pool”: The sequence has 5 samples here/);
    expect(status).toBe(5);
  });
});

describe("a file without a network", () => {
  it.each([
    ["no JSON", "layers: conv", 4, /is not a network file/],
    [
      "an unknown kind",
      { name: "n", layers: [conv, { id: "x", kind: "conv2d" }] },
      5,
      /layer 2 \(“x”\), kind: one of dense/,
    ],
    [
      "a missing setting",
      { name: "n", layers: [{ id: "x", kind: "dense", units: 3 }] },
      5,
      /layer 1 \(“x”\), activation: missing/,
    ],
    ["no number", { name: "n", layers: [{ id: "x", kind: "gru" }] }, 5, /layer 1 \(“x”\), units: missing/],
    ["no layers", { name: "n" }, 5, /layers: missing/],
    ["an invalid layer", { name: "n", layers: ["dense"] }, 5, /layer 1: /],
    ["something else", 7, 5, /expected object/],
  ])("is refused, naming the layer: %s", async (name, content, status, message) => {
    expectRefusal(await runEctopy(["network", fileOf(`${name}.json`, content)], options), status, message);
  });
});

describe("ectopy train", () => {
  it("trains a custom network, and stores it with the run", async () => {
    await makeWorkspace(options.workspace, [SAMPLE, ["prepare", "1"]]);
    const path = fileOf("small.json", small);
    // A given number of threads is not measured before the training.
    const few = ["--epochs", "1", "--steps-per-epoch", "2", "--threads", "1"];
    const { run } = await askEctopy<RunDetails>(["train", "1", "--model", path, ...few], options);
    expect(run.status).toBe("completed");
    expect(run.settings).toMatchObject({ network: networkSchema.parse(small), batch: 64, patience: 5 });
    const classes = run.result!.test.perClass.length;
    expect(run.result!.parameters.trainable).toBe(9 * 4 + 4 + 2 * 4 + 4 * classes + classes);
    const again = await askEctopy<RunDetails>(["show", "1"], options);
    expect(again.run).toEqual(run);
    expect((await runEctopy(["runs"], options)).stdout).toMatch(/1 +Small /);
    // A network that does not fit these beats is refused before a run is created.
    const wide = fileOf("wide.json", {
      name: "Wide",
      layers: [{ ...conv, kernelSize: 361, padding: "valid" }, average],
    });
    expectRefusal(
      await runEctopy(["train", "1", "--model", wide], options),
      5,
      /Layer “conv”: .*too few for a kernel of 361/,
    );
    expect(await askEctopy<{ runs: unknown[] }>(["runs"], options)).toMatchObject({ runs: [{}] });
  });
});
