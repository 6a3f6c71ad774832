/** Finds the backends of this machine, and chooses one for a training. */
import { EctopyError } from "../../contract/domain/errors.ts";
import {
  backendNames,
  type BackendName,
  type BackendState,
  type TrainingSettings,
} from "../../contract/domain/training.ts";
import { findCpuAddon } from "../backends/cpu.ts";
import { findWasmModule } from "../backends/wasm.ts";
import { isTensorFlowInstalled } from "../tensorflow/find-tensorflow.ts";
import { kernelsOff } from "../tensorflow/kernel-library.ts";

/** Settings that the choice depends on. */
export type BackendSettings = Pick<TrainingSettings, "backend" | "precision" | "convolutions" | "microBatches">;

const finders: Readonly<Record<BackendName, { isThere: () => boolean; missing: string; fix: string }>> = {
  kernels: {
    isThere: () => findCpuAddon() !== null,
    missing: "Ectopy's kernels have not been built for this machine",
    fix: "Run `npm run setup -- kernels`, which needs a C++ compiler.",
  },
  webassembly: {
    isThere: () => findWasmModule() !== null,
    missing: "this copy of Ectopy lacks its WebAssembly module",
    fix: "Install Ectopy again.",
  },
  tensorflow: {
    isThere: isTensorFlowInstalled,
    missing: "TensorFlow is not installed",
    fix: "Run `npm run setup -- tensorflow` with a network connection.",
  },
};

/** Returns every backend and whether this machine has it; nothing is loaded. */
export function listBackends(): BackendState[] {
  return backendNames.map((name) => ({ name, missing: finders[name].isThere() ? "" : finders[name].missing }));
}

/**
 * Returns the backend of a training: the requested one, or the fastest that can execute it.
 * @throws EctopyError `engine-unavailable` where it is missing; `invalid-settings` where it can't execute the training
 */
export function chooseBackend(settings: BackendSettings): BackendName {
  const { backend } = settings;
  const onlyTensorFlow = whyTensorFlow(settings);
  if (backend !== "auto" && backend !== "tensorflow" && onlyTensorFlow !== "") {
    const message = `${onlyTensorFlow} needs TensorFlow, but the backend is ${backend}.`;
    throw new EctopyError("invalid-settings", message, "Choose the backend tensorflow (--backend tensorflow).");
  }
  const name = backend === "auto" ? fastest(onlyTensorFlow !== "") : backend;
  if (finders[name].isThere()) return name;
  const { missing, fix } = finders[name];
  const reason = name === "tensorflow" && onlyTensorFlow !== "" ? `${onlyTensorFlow} needs TensorFlow, but ` : "";
  const message = `${reason}${missing}.`;
  throw new EctopyError("engine-unavailable", message.charAt(0).toUpperCase() + message.slice(1), fix);
}

function fastest(needsTensorFlow: boolean): BackendName {
  if (needsTensorFlow || kernelsOff()) return "tensorflow";
  return finders.kernels.isThere() ? "kernels" : "webassembly";
}

/** Returns the setting that only TensorFlow executes: plans compute in float32 only, and a batch at once. */
function whyTensorFlow({ precision, convolutions, microBatches }: BackendSettings): string {
  if (precision === "bfloat16") return "bfloat16";
  if (convolutions === "tensorflow") return "TensorFlow's implementation of convolutions";
  return microBatches > 1 ? "a batch in micro-batches" : "";
}
