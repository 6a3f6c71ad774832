/** Finds the backends of this machine, and chooses one for a training. */
import { EctopyError } from "../../contract/domain/errors.ts";
import {
  backendNames,
  backendTitles,
  type BackendName,
  type BackendState,
  type TrainingSettings,
} from "../../contract/domain/training.ts";
import { findCpuAddon } from "../backends/cpu.ts";
import { findWasmModule } from "../backends/wasm.ts";
import { isTensorFlowInstalled } from "../tensorflow/find-tensorflow.ts";

/** Settings that the choice depends on. */
export type BackendSettings = Pick<TrainingSettings, "backend" | "precision">;

const finders: Readonly<Record<BackendName, { isThere: () => boolean; missing: string; fix: string }>> = {
  kernels: {
    isThere: () => findCpuAddon() !== null,
    missing: "not built for this machine",
    fix: "Run `npm run setup -- kernels`, which needs a C++ compiler.",
  },
  webassembly: {
    isThere: () => findWasmModule() !== null,
    missing: "its module is missing from this copy of Ectopy",
    fix: "Install Ectopy again.",
  },
  webgpu: {
    // Whether there is a GPU shows when it is opened: a driver may end the process that asks.
    isThere: () => true,
    missing: "no GPU was found",
    fix: "Update the GPU's driver, or let Ectopy choose the backend (--backend auto).",
  },
  tensorflow: {
    isThere: isTensorFlowInstalled,
    missing: "not installed",
    fix: "Run `npm run setup -- tensorflow` with a network connection.",
  },
};

/** Whether this machine has a backend; replaced in tests. */
type IsThere = (name: BackendName) => boolean;

/** Returns whether this machine may have a backend; nothing is loaded. */
export const isAvailable: IsThere = (name) => finders[name].isThere();

/** Returns every backend and whether this machine has it; nothing is loaded. @param gpus names of those of WebGPU */
export function listBackends(gpus: string[], isThere: IsThere = isAvailable): BackendState[] {
  return backendNames.map((name) => {
    const has = name === "webgpu" ? gpus.length > 0 : isThere(name);
    return { name, missing: has ? "" : finders[name].missing, ...(name === "webgpu" && has ? { gpus } : {}) };
  });
}

/** Returns the error about a missing backend. @param need why it is needed, such as `bfloat16 needs TensorFlow. ` */
export function missingBackend(name: BackendName, need = ""): EctopyError {
  const { missing, fix } = finders[name];
  const message = `${need}The backend ${backendTitles[name]} is not available: ${missing}.`;
  return new EctopyError("engine-unavailable", message, fix);
}

/**
 * Returns the backend of a training: the requested one, or the fastest on the processor that can execute it.
 * @throws EctopyError `engine-unavailable` where it is missing; `invalid-settings` where it can't execute the training
 */
export function chooseBackend(settings: BackendSettings, isThere: IsThere = isAvailable): BackendName {
  const { backend, precision } = settings;
  // Plans compute in float32 only.
  const needsTensorFlow = precision === "bfloat16";
  if (backend !== "auto" && backend !== "tensorflow" && needsTensorFlow) {
    const message = `bfloat16 needs TensorFlow, but the backend is ${backend}.`;
    throw new EctopyError("invalid-settings", message, "Choose the backend tensorflow (--backend tensorflow).");
  }
  const name = backend !== "auto" ? backend : needsTensorFlow ? "tensorflow" : processorBackend(isThere);
  if (isThere(name)) return name;
  throw missingBackend(name, needsTensorFlow ? "bfloat16 needs TensorFlow. " : "");
}

/** Returns the fastest backend on the processor. */
function processorBackend(isThere: IsThere): BackendName {
  return isThere("kernels") ? "kernels" : "webassembly";
}

/** Returns the settings with an open backend, if another machine's backend was chosen for it and this machine lacks it. */
export function withoutLostBackend(settings: TrainingSettings, isThere: IsThere = isAvailable): TrainingSettings {
  const { backend, tuned = [] } = settings;
  return tuned.includes("backend") && backend !== "auto" && !isThere(backend)
    ? { ...settings, backend: "auto" }
    : settings;
}
