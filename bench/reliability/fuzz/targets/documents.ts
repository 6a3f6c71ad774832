/** Documents that are read as text or JSON: networks, class maps, settings, sessions, benchmarks. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { checkValue } from "../../../../src/contract/domain/check-value.ts";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import { classesOf, classLabel, classMapSchema, orderLabels } from "../../../../src/contract/domain/class-maps.ts";
import { formatNetwork, parseNetwork } from "../../../../src/contract/domain/network-files.ts";
import { presets } from "../../../../src/contract/settings/network-presets.ts";
import { describeNetwork } from "../../../../src/engine/networks/describe-network.ts";
import { gpuChoiceSchema, parseGpus } from "../../../../src/main/services/hardware/gpu.ts";
import { MachineFile } from "../../../../src/main/services/hardware/machine-file.ts";
import { PreferenceStore } from "../../../../src/main/store/preferences.ts";
import { SessionStore } from "../../../../src/main/server/sessions.ts";
import { exampleWeights } from "../../../../src/pipeline/beats/example-weights.ts";
import { customNetworks } from "../../../../tests/support/custom-networks.ts";
import { temporaryFolder } from "../folders.ts";
import { check, checkFinite, checkSame, MANY_INPUTS, utf8, utf8Text, type Input, type Target } from "../target.ts";

const json = (value: unknown): Input => [utf8(JSON.stringify(value))];

export const networkTarget: Target = {
  name: "network",
  inputs: MANY_INPUTS,
  parts: { "network.json": "json" },
  tokens: [
    "input",
    "output",
    "id",
    "inputs",
    "kind",
    "units",
    "lstm",
    "concatenate",
    "bidirectional",
    "flatten",
    "strides",
  ],
  examples: () => [...Object.values(presets), ...customNetworks.map(({ network }) => network)].map(json),
  open: () => ({
    read([bytes]) {
      const network = parseNetwork(utf8Text(bytes), "network.json");
      checkSame("the network", network, parseNetwork(formatNetwork(network), "network.json"));
      for (const windowLength of [1, 360, 2 ** 53 - 1]) {
        const { layers, parameters, bytesPerBeat, sound } = describeNetwork(network, { windowLength, classes: 256 });
        checkFinite("its description", [parameters.total, parameters.trainable, bytesPerBeat]);
        check(layers.length === network.layers.length, "a layer is not described");
        check(sound === layers.every(({ problem }) => problem === null), "sound, with a problem");
      }
    },
  }),
};

export const classMapTarget: Target = {
  name: "class-map",
  inputs: MANY_INPUTS,
  parts: { "class-map.json": "json" },
  tokens: [
    "mit-bih",
    "aami",
    "classes",
    "label",
    "symbols",
    "N",
    "V",
    "/",
    "Q",
    "constructor",
    "__proto__",
    "toString",
  ],
  examples: () => [
    json("mit-bih"),
    json("aami"),
    json({ classes: classesOf("aami") }),
    json({ classes: classesOf("mit-bih") }),
  ],
  open: () => ({
    read([bytes]) {
      const map = parsedBy(classMapSchema, bytes);
      const labels = classesOf(map).map(({ label }) => label);
      checkSame("the classes' order", orderLabels(map, labels.toReversed()), labels);
      for (const { label, symbols } of classesOf(map)) {
        for (const symbol of symbols) check(classLabel(map, symbol) === label, `${symbol} is of another class`);
      }
      // A class may have any name: a look-up by it must not find a property that every object inherits.
      const classes = Uint8Array.from(labels, (_, i) => i);
      const examples = Uint32Array.from(classes);
      const weights = new Float32Array(labels.length);
      exampleWeights({ classes, realCount: labels.length }, labels, examples, { classes: {}, synthetic: 1 })(
        examples,
        weights,
      );
      checkFinite("the weights of the classes", weights);
    },
  }),
};

function parsedBy<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(utf8Text(bytes));
  } catch {
    throw new EctopyError("damaged-file", "no JSON", "none");
  }
  const { success, data } = checkValue(schema, value);
  if (!success) throw new EctopyError("invalid-settings", "it does not fit", "none");
  return data;
}

const storedSettings = {
  theme: "dark",
  threads: 4,
  workspace: "/tmp/w",
  // As earlier versions stored them.
  speeds: [
    { network: "ann", batch: 512, millisecondsPerStep: 3.5, beatsPerSecond: 100, measuredAt: "2024-01-01T00:00:00Z" },
  ],
  runsTable: { columns: ["a", "b"], sort: { column: "a", descending: true } },
  mlflow: { address: "http://localhost:5000", experiment: "Ectopy" },
  signIns: [{ address: "http://localhost:5000", user: null, secret: "AAAA" }],
};

/** A damaged file of settings never keeps the app from starting: any bytes give settings. */
export const settingsTarget: Target = {
  name: "settings",
  inputs: MANY_INPUTS,
  parts: { "settings.json": "json" },
  tokens: Object.keys(storedSettings),
  examples: () => [json(storedSettings), json({})],
  open() {
    const store = new PreferenceStore(join(temporaryFolder(), "settings.json"));
    return {
      read([bytes]) {
        writeFileSync(store.path, bytes);
        const settings = store.read();
        checkFinite("the settings", [settings.threads]);
        check(Array.isArray(store.readSignIns()), "no list of sign-ins");
        checkSame("the settings", settings, new PreferenceStore(store.path).read());
      },
    };
  },
};

const DIGESTS = ["a", "b"].map((letter) => letter.repeat(64));

/** A damaged file of sessions gives no access without a valid session. */
export const sessionsTarget: Target = {
  name: "sessions",
  inputs: MANY_INPUTS,
  parts: { "sessions.json": "json" },
  tokens: [...DIGESTS, "c".repeat(64)],
  examples: () => [json({ [DIGESTS[0]]: 2e12, [DIGESTS[1]]: 1 }), json({})],
  open() {
    const path = join(temporaryFolder(), "sessions.json");
    return {
      read([bytes]) {
        writeFileSync(path, bytes);
        const sessions = new SessionStore(path);
        for (const name of ["", "constructor", "__proto__", "toString"])
          check(!sessions.has(name, 0), `${name} is let in`);
        check(!sessions.has("d".repeat(64), 0), "a session that was never there is let in");
      },
    };
  },
};

const gpu = {
  gpu: { name: "A100", memory: 40_000, driver: "550.1", computeCapability: 8 },
  reason: "",
  withoutCudnn: "",
};

/** Benchmarks of a machine; a damaged file is treated as empty. */
export const machineTarget: Target = {
  name: "machine-file",
  inputs: MANY_INPUTS,
  parts: { "machine.json": "json" },
  tokens: ["gpu", "reason", "memory"],
  examples: () => [json({ gpu, other: { a: 1 } })],
  open() {
    const folder = temporaryFolder();
    return {
      read([bytes]) {
        writeFileSync(join(folder, "machine.json"), bytes);
        const file = new MachineFile(folder);
        const found = file.find("gpu", gpuChoiceSchema);
        if (found?.gpu) checkFinite("the GPU", [found.gpu.memory, found.gpu.computeCapability]);
      },
    };
  },
};

export const gpuTarget: Target = {
  name: "gpu-list",
  inputs: MANY_INPUTS,
  parts: { csv: "text" },
  tokens: [",", "\n", "[N/A]", "Infinity", "NVIDIA A100-SXM4-40GB"],
  examples: () => [[utf8("NVIDIA A100-SXM4-40GB, 40960, 550.54.15, 8.0\nTesla T4, 15360, 550.54.15, 7.5\n")]],
  open: () => ({
    read([bytes]) {
      for (const { name, driver, memory, computeCapability } of parseGpus(utf8Text(bytes))) {
        check(typeof name === "string" && typeof driver === "string", "no text");
        checkFinite("a GPU", [memory, computeCapability]);
      }
    },
  }),
};
