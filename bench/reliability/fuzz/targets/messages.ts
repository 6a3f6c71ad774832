/** Messages over the socket: frames, and the arguments of every method. */
import { z } from "zod";
import { defaultPreparation, defaultTraining } from "../../../../src/contract/settings/defaults.ts";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import { decodeFrame, encodeFrame } from "../../../../src/contract/api/frames.ts";
import { methodNames } from "../../../../src/contract/api/method-names.ts";
import type { methods } from "../../../../src/contract/api/methods.ts";
import { presets } from "../../../../src/contract/settings/network-presets.ts";
import { answer } from "../../../../src/main/api/answer.ts";
import type { Handlers } from "../../../../src/main/api/handlers/handler-context.ts";
import { planRuns } from "../../../../src/main/services/experiments/plan-runs.ts";
import { check, checkSame, MANY_INPUTS, utf8, type Input, type Target } from "../target.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const values: readonly unknown[] = [
  { id: 1, method: "runs.get", args: { run: 1 } },
  {
    id: 7,
    ok: true,
    value: { rate: 360, signals: [Float32Array.of(1, 2, NaN), Uint8Array.of(1, 2, 3)], gain: Infinity },
  },
  { rows: [{ a: [1, -Infinity, NaN] }, { b: Int16Array.of(5) }], deep: [[[[Float64Array.of(0.5)]]]] },
  [Int32Array.of(), new Uint32Array(4), new Uint16Array(3), Int8Array.of(-1)],
];
const frameTokens = [
  ...[
    "[[],",
    '"arrays":[',
    '"numbers":[',
    '"NaN"',
    '"Infinity"',
    '"Float32Array"',
    '"Uint8Array"',
    "null",
    '["value"]',
  ],
  ...['"__proto__"', '{"toString":null}', "[0,1]", '"length"', "9007199254740991", "1e999", "[[[["],
];

/** Layout of a frame: the header's length, the header. */
function frameOf(header: Uint8Array, rest: Uint8Array): Uint8Array {
  const end = Math.ceil((4 + header.length) / 8) * 8;
  const frame = new Uint8Array(end + rest.length);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, 4);
  frame.set(rest, end);
  return frame;
}

function partsOf(value: unknown): Input {
  const frame = encodeFrame(value, { encoder });
  const length = new DataView(frame.buffer).getUint32(0, true);
  return [frame.slice(4, 4 + length), frame.slice(Math.ceil((4 + length) / 8) * 8)];
}

function checkFrame(frame: Uint8Array): void {
  const value = decodeFrame(frame, { decoder });
  const again = decodeFrame(encodeFrame(value, { encoder }), { decoder });
  checkSame("the frame", value, again);
}

/** Whole frames, mutated as bytes. */
export const framesTarget: Target = {
  name: "frames",
  inputs: MANY_INPUTS,
  parts: { frame: "bytes" },
  tokens: frameTokens,
  examples: () => values.map((value): Input => [encodeFrame(value, { encoder })]),
  open: () => ({ read: ([frame]) => checkFrame(frame) }),
};

/** Frames with a mutated header and its actual length, so that the header's checks are reached. */
export const frameHeadersTarget: Target = {
  name: "frame-headers",
  inputs: MANY_INPUTS,
  parts: { "header.json": "json", arrays: "bytes" },
  tokens: [
    "arrays",
    "numbers",
    "value",
    "NaN",
    "-Infinity",
    "Float32Array",
    "Uint8Array",
    "Float64Array",
    "BigInt64Array",
  ],
  examples: () => values.map(partsOf),
  open: () => ({ read: ([header, arrays]) => checkFrame(frameOf(header, arrays)) }),
};

const network = presets.cnn;
const training = defaultTraining("ann");
const preparation = defaultPreparation("reference");
const stretch = { dataset: 1, record: "100", from: 0, to: 10 };
const plans = [
  { kind: "repeats", times: 3 },
  {
    kind: "grid",
    settings: [
      { setting: "learningRate", values: [0.01, 0.001] },
      { setting: "network.*.rate", values: [0.1] },
    ],
  },
  {
    kind: "random",
    settings: [
      { setting: "optimizer.beta1", from: 0.1, to: 0.9, scale: "log", whole: false },
      { setting: "batch", from: 16, to: 64, whole: true },
      { setting: "optimizer.kind", values: ["adam"] },
    ],
    runs: 5,
    seed: 3,
  },
  { kind: "cross-validation", folds: 5 },
];

/** Valid arguments of each kind of method. */
const calls: readonly [method: string, args: unknown][] = [
  ["app.info", {}],
  ["machine.measure", { networks: ["ann"] }],
  ["machine.installCuda", {}],
  ["log.read", { lines: 50, level: "info" }],
  ["files.list", { folder: "/tmp" }],
  [
    "settings.set",
    { theme: "dark", threads: 2, runsTable: { columns: ["a"], sort: { column: "a", descending: true } } },
  ],
  ["jobs.cancel", { job: 1 }],
  ["datasets.import", { path: "/tmp/x.zip", name: "x" }],
  ["datasets.makeSample", { seed: 3 }],
  ["downloads.start", { name: "mitdb" }],
  ["recordings.signal", stretch],
  ["recordings.envelope", { ...stretch, columns: 100, denoising: { wavelet: "db4", levels: 7, threshold: "soft" } }],
  ["recordings.denoised", { ...stretch, lead: 0, wavelet: "db4", levels: 7, threshold: "soft" }],
  ["preparations.prepare", { dataset: 1, settings: preparation }],
  ["preparations.previewBeat", { dataset: 1, settings: preparation, record: "100", beat: 3, label: "N" }],
  ["networks.describe", { network, windowLength: 360, classes: 5 }],
  ["models.test", { path: "/tmp/m.h5", preparation: 1 }],
  ["training.start", { preparation: 1, settings: training }],
  ["training.start", { preparation: 1, settings: { ...training, network } }],
  ...plans.map((plan): [string, unknown] => [
    "experiments.plan",
    { plan, settings: { ...training, network }, preparation: 1 },
  ]),
  ["comparison.runs", { runs: [1, 2] }],
  ["runs.remark", { run: 1, notes: "a", tags: ["b"] }],
  ["exports.mlflow", { place: "http://localhost:5000", experiment: "E", credentials: { user: "u" }, runs: [1] }],
  ["exports.figures", { width: 85, dpi: 300, runs: [1], folder: "/tmp" }],
];

/** Handlers that return their arguments; pure handlers are the real ones. */
const handlers = {
  ...Object.fromEntries(methodNames.map((name) => [name, (args: unknown) => args])),
  "experiments.plan": ({ plan, settings }: z.infer<(typeof methods)["experiments.plan"]["schema"]>) =>
    planRuns(plan, settings),
} as unknown as Handlers;

const inherited = Object.getOwnPropertyNames(Object.prototype).sort().join();
const inheritedText = textOfInherited();

function textOfInherited(): string {
  return Object.values(Object.getOwnPropertyDescriptors(Object.prototype))
    .map(({ value }) => typeof value)
    .join();
}

function checkPrototypes(): void {
  const isSame =
    Object.getOwnPropertyNames(Object.prototype).sort().join() === inherited && textOfInherited() === inheritedText;
  check(isSame, "the prototype of all objects was changed");
}

/** A frame's header around a value without arrays. */
function framed(value: Uint8Array): Uint8Array {
  return Buffer.concat([utf8('{"arrays":[],"numbers":[],"value":'), value, utf8("}")]);
}

/** A call as the socket passes it on: any method's name with any arguments. */
export const callsTarget: Target = {
  name: "calls",
  inputs: MANY_INPUTS,
  parts: { "call.json": "json" },
  tokens: [
    ...methodNames,
    ...[
      "network.__proto__.toString",
      "optimizer.__proto__.x",
      "network.constructor",
      "network.*.rate",
      "kind",
      "settings",
    ],
    ...["values", "from", "to", "log", "grid", "random", "mit-bih", "aami", "classes", "label", "symbols", "inputs"],
  ],
  examples: () => calls.map(([method, args]): Input => [utf8(JSON.stringify({ method, args }))]),
  open: () => ({
    async read([bytes]) {
      const call = decodeFrame(frameOf(framed(bytes), new Uint8Array(0)), { decoder });
      const parsed = z.object({ method: z.unknown(), args: z.unknown() }).safeParse(call);
      if (!parsed.success) throw new EctopyError("damaged-message", "no call", "none");
      const { method, args } = parsed.data;
      const reply = await answer(handlers, method, args, () => {});
      checkPrototypes();
      if (reply.ok) return;
      const { code, message, fix } = reply.error;
      check(code !== "bug" && code !== "cancelled", `a ${code} was reported: ${message}`);
      throw new EctopyError(code, message, fix);
    },
  }),
};
