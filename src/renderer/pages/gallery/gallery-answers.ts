/**
 * What the gallery's shell answers: a machine with measured speeds, jobs in each state, a run in training and a small
 * file system.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
import type { ExampleAnswers } from "../../testing/example-shell.ts";
import {
  exampleEc57,
  exampleLooks,
  exampleMembers,
  examplePatients,
  failedJob,
  runningJob,
} from "./gallery-examples.ts";

const MEASURED_AT = "2026-03-02T09:00:00.000Z";
const settings = settingsSchema.parse({
  speeds: [
    { network: "ann", batch: 64, millisecondsPerStep: 0.71, beatsPerSecond: 90_140, measuredAt: MEASURED_AT },
    { network: "cnn", batch: 64, millisecondsPerStep: 4.2, beatsPerSecond: 15_238, measuredAt: MEASURED_AT },
    { network: "lstm", batch: 128, millisecondsPerStep: 38, beatsPerSecond: 3_368, measuredAt: MEASURED_AT },
  ],
});

export const galleryAnswers: ExampleAnswers = {
  "settings.get": () => settings,
  "settings.set": (change) => settingsSchema.parse({ ...settings, ...change }),
  "jobs.list": () => [runningJob, failedJob],
  "training.queue": () => ({
    current: 12,
    progress: {
      epoch: 4,
      epochs: 15,
      step: 310,
      steps: 764,
      loss: 0.2143,
      accuracy: 0.9321,
      samplesPerSecond: 15_238,
    },
    evaluating: null,
    blocked: null,
    waiting: [13, 14],
  }),
  "machine.info": () => ({
    processor: "Example processor, 8 cores",
    cores: 8,
    memory: 32 * 2 ** 30,
    freeMemory: 21 * 2 ** 30,
    platform: "linux",
    backends: [
      { name: "kernels", missing: "" },
      { name: "webassembly", missing: "" },
      { name: "tensorflow", missing: "not installed" },
    ],
    cuda: { gpus: ["Example GPU"], isInstalled: false },
  }),
  "runs.byPatient": () => examplePatients,
  "runs.pooledByPatient": () => examplePatients,
  "runs.ec57": () => exampleEc57,
  "runs.looks": () => exampleLooks,
  "annotationSets.list": () => [],
  "classification.check": () => ({
    run: {
      ...{ id: 7, title: "Final", protocol: "inter-patient", labels: ["N", "S", "V"], perClass: [] },
      ...{ test: { accuracy: 0.96, macroF1: 0.61 }, warning: null, calibrated: true },
    },
    problem: null,
    recordings: [{ record: "100", problem: null, warnings: [], peaks: "atr", beats: 2273, seconds: 1806 }],
    set: { name: "run7", replaces: false },
  }),
  "classification.costs": () => ({
    beats: 49_690,
    costs: [{ threshold: 0.7, unsure: 0.031, accuracy: 0.982, macroF1: 0.61, perClass: [] }],
  }),
  "runs.members": () => exampleMembers,
  "exports.signIns": () => ({ canKeep: true, kept: [] }),
  "files.list": ({ folder = "/data" }) => {
    if (folder !== "/data") throw new EctopyError("not-found", `There is no folder ${folder}.`, "Enter another path.");
    return {
      folder,
      parent: "/",
      recordings: 48,
      entries: [
        { name: "incartdb", path: "/data/incartdb", kind: "folder" },
        { name: "mitdb", path: "/data/mitdb", kind: "folder" },
        { name: "mitdb.zip", path: "/data/mitdb.zip", kind: "file" },
        { name: "cnn.h5", path: "/data/cnn.h5", kind: "model" },
      ],
    };
  },
};
