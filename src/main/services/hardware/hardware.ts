/**
 * The device that trains, the fastest backend for a network on it, and how long a training takes. All are measured and
 * stored.
 */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { NetworkShape } from "../../../contract/domain/networks.ts";
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import {
  backendNames,
  networkNames,
  type BackendName,
  type BackendState,
  type Gpu,
  type NetworkName,
  type TrainingSettings,
} from "../../../contract/domain/training.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import {
  chooseBackend,
  isAvailable,
  listBackends,
  withoutLostBackend,
} from "../../../engine/training/choose-backend.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { version } from "../../version.ts";
import { canTrain, gpuChoiceSchema, listGpus, NO_GPU, tryGpu, type GpuChoice } from "./gpu.ts";
import { MachineFile } from "./machine-file.ts";
import { adapterTitle, fastestWebgpuAdapter, listWebgpuAdapters } from "./webgpu.ts";
import type { GpuAdapter } from "../../../engine/backends/webgpu/webgpu.ts";
import { webgpuListSchema } from "../../../engine/processes/device-messages.ts";
import { durationsOfBenchmark, type Durations } from "./measured-speed.ts";
import { measureBackends, withSteps, type BackendSteps } from "./measure-backends.ts";
import { measureNetwork, type NetworkToMeasure } from "./measure-network.ts";
import { timestamp } from "../../base/timestamp.ts";

const DAY_MS = 86_400_000;
const adaptersSchema = webgpuListSchema.extend({ at: z.string() });
const fasterGpuSchema = z.object({ adapter: z.string().nullable() });
const fasterBackendSchema = z.object({ backend: z.enum(backendNames) });

const backendStepsSchema: z.ZodType<BackendSteps> = z.partialRecord(
  z.enum(backendNames),
  z.array(z.object({ network: z.enum(networkNames), milliseconds: z.number().gt(0).nullable(), problem: z.string() })),
);

const speedSchema: z.ZodType<StepSpeed> = z.object({
  milliseconds: z.number().gt(0),
  predictionMilliseconds: z.number().min(0),
  fixedSeconds: z.number().min(0),
  source: z.enum(["benchmark", "run"]),
  device: z.string(),
  measuredAt: z.string(),
});

/** Settings that the time of a step depends on. */
type MeasuredSettings = Pick<TrainingSettings, "network" | "batch" | "precision" | "threads" | "backend">;

/** What executes a training. */
interface ChosenBackend {
  backend: BackendName;
  /** Name of the GPU for WebGPU; null: the first one. */
  adapter: string | null;
}

/** TensorFlow on the GPU replaces the processor below this share of its time: other load causes noise of that size. */
const MAX_TIME_RATIO = 0.9;

interface Watch {
  progress: ReportProgress;
  signal: AbortSignal;
}

/** Minimum compute capability of GPUs that multiply bfloat16 (NVIDIA's Ampere and later). */
const BFLOAT16_CAPABILITY = 8;

export class HardwareService {
  readonly #file: MachineFile;
  readonly #startProcess: StartProcess;

  /** @param folder of the file with measurements */
  constructor(folder: string, startProcess: StartProcess) {
    this.#startProcess = startProcess;
    this.#file = new MachineFile(folder);
  }

  /**
   * Tries the GPU where there is one; stored until machine, driver, TensorFlow or Ectopy change.
   * @param gpus those of the driver, where the caller has asked it
   */
  async gpu(gpus?: readonly Gpu[]): Promise<GpuChoice> {
    const [first] = gpus ?? (await listGpus());
    if (first === undefined) return NO_GPU;
    const key = keyOf("gpu", first);
    const known = this.#file.find(key, gpuChoiceSchema);
    if (known !== undefined) return known;
    const choice = await tryGpu(first, this.#startProcess);
    this.#file.remember(key, choice);
    return choice;
  }

  /** Returns the GPUs that WebGPU finds. They are stored for a day: drivers and cables change. */
  async webgpuAdapters(): Promise<GpuAdapter[]> {
    const key = keyOf("webgpu-adapters", null);
    const known = this.#file.find(key, adaptersSchema);
    if (known !== undefined && Date.now() - Date.parse(known.at) < DAY_MS) return known.adapters;
    const adapters = await listWebgpuAdapters(this.#startProcess);
    this.#file.remember(key, { adapters, at: timestamp() });
    return adapters;
  }

  /** Returns the backends of this machine, with their measured steps. @param gpus as of {@link gpu} */
  async backends(gpus?: readonly Gpu[]): Promise<BackendState[]> {
    const adapters = await this.webgpuAdapters();
    const measured = this.#file.find(keyOf("backends", adapters), backendStepsSchema) ?? {};
    return withSteps(listBackends(adapters.map(adapterTitle)), measured, await this.gpu(gpus));
  }

  /**
   * Measures every backend with the networks, and stores the times.
   * @returns the backends with these times
   * @throws CancelledError
   */
  async measureBackends(networks: readonly NetworkName[], watch: Watch): Promise<BackendState[]> {
    const [device, backends, adapters] = [await this.gpu(), await this.backends(), await this.webgpuAdapters()];
    const measured = await measureBackends({
      backends,
      networks,
      device,
      startProcess: this.#startProcess,
      ...watch,
    });
    this.#file.remember(keyOf("backends", adapters), measured);
    return withSteps(backends, measured, device);
  }

  /** Returns the GPU that trains the network faster than the processor, by a trial that is stored; null: none. */
  async #fasterGpu({ network, batch }: MeasuredSettings, shape: NetworkShape): Promise<string | null> {
    const adapters = await this.webgpuAdapters();
    if (adapters.length === 0) return null;
    const settings = { network: networkOf(network), shape, batch };
    const key = keyOf("webgpu", { ...settings, network: settings.network.layers, adapters });
    const known = this.#file.find(key, fasterGpuSchema);
    if (known !== undefined) return known.adapter;
    const adapter = await fastestWebgpuAdapter(this.#startProcess, settings);
    this.#file.remember(key, { adapter });
    return adapter;
  }

  /**
   * Chooses the backend, by short measurements before a network's first training on this machine, and the threads.
   * @returns the settings, and the name of the GPU for WebGPU; null: the first one
   * @throws EctopyError `invalid-settings`: a precision that this machine or the backend does not have;
   *   `engine-unavailable`: a backend that it does not have; CancelledError
   */
  async chooseOpenSettings(
    settings: TrainingSettings,
    shape: NetworkShape,
    device: GpuChoice,
    watch: Watch,
  ): Promise<{ settings: TrainingSettings; adapter: string | null }> {
    refusePrecision(settings, device.gpu);
    const { backend, adapter } = await this.#chooseBackend(settings, shape, device, watch);
    return { settings: { ...settings, threads: threadsOf(settings), backend }, adapter };
  }

  async #chooseBackend(
    settings: MeasuredSettings,
    shape: NetworkShape,
    device: GpuChoice,
    watch: Watch,
  ): Promise<ChosenBackend> {
    // Refuses a backend that is missing, or that can't execute the training.
    const backend = chooseBackend(settings);
    if (settings.backend !== "auto" || backend === "tensorflow") return { backend, adapter: null };
    watch.progress({ stage: "Choosing the backend", done: 0, total: 1, unit: "networks" });
    if (canTrain(device, networkOf(settings.network))) {
      return { backend: await this.#fasterBackend(backend, settings, shape, device, watch), adapter: null };
    }
    const adapter = await this.#fasterGpu(settings, shape);
    return adapter === null ? { backend, adapter } : { backend: "webgpu", adapter };
  }

  /** Returns TensorFlow where an NVIDIA GPU trains the network faster than the processor, by a stored measurement. */
  async #fasterBackend(
    processor: BackendName,
    settings: MeasuredSettings,
    shape: NetworkShape,
    device: GpuChoice,
    { signal }: Watch,
  ): Promise<BackendName> {
    const key = keyOf("backend", speedKeyOf(settings, shape, device));
    const known = this.#file.find(key, fasterBackendSchema);
    if (known !== undefined) return known.backend;
    const measure = async (backend: BackendName): Promise<number> => {
      const measured = await this.#measureBackend({ backend, adapter: null }, settings, shape, device, signal);
      return measured?.milliseconds ?? Infinity;
    };
    const [ofProcessor, ofGpu] = [await measure(processor), await measure("tensorflow")];
    const backend = ofGpu < MAX_TIME_RATIO * ofProcessor ? "tensorflow" : processor;
    // A measurement that failed may succeed before the next training.
    if (Number.isFinite(ofProcessor) && Number.isFinite(ofGpu)) this.#file.remember(key, { backend });
    return backend;
  }

  #measureBackend(
    chosen: ChosenBackend,
    settings: MeasuredSettings,
    shape: NetworkShape,
    device: GpuChoice,
    signal: AbortSignal,
  ): ReturnType<typeof measureNetwork> {
    const { network, batch, precision } = settings;
    const measured: NetworkToMeasure = { network, shape, batch, precision, ...chosen };
    return measureNetwork(measured, this.#startProcess, { threads: threadsOf(settings), device, signal });
  }

  /** Returns the measured durations of a training; null before a measurement. */
  async speed(settings: MeasuredSettings, shape: NetworkShape): Promise<StepSpeed | null> {
    const [speed] = await this.speeds([{ settings, shape }]);
    return speed;
  }

  /** Like {@link speed}, for several settings; the driver of the GPU is asked once. */
  async speeds(
    questions: readonly { settings: MeasuredSettings; shape: NetworkShape }[],
  ): Promise<(StepSpeed | null)[]> {
    const device = await this.gpu();
    return questions.map(
      ({ settings, shape }) =>
        this.#file.find(keyOf("speed", speedKeyOf(settings, shape, device)), speedSchema) ?? null,
    );
  }

  /**
   * Measures the time of a step by the backend that would train the network.
   * @throws EctopyError `engine-unavailable`: it could not be measured; else as {@link chooseOpenSettings}
   */
  async measureSpeed(settings: MeasuredSettings, shape: NetworkShape, watch: Watch): Promise<void> {
    const device = await this.gpu();
    refusePrecision(settings, device.gpu);
    const chosen = await this.#chooseBackend(settings, shape, device, watch);
    watch.progress({ stage: "Measuring the speed", done: 0, total: 1, unit: "networks" });
    const measured = await this.#measureBackend(chosen, settings, shape, device, watch.signal);
    if (measured === null) {
      throw new EctopyError(
        "engine-unavailable",
        "The speed of this network could not be measured: the measurement failed or took too long.",
        "Make the network or its batch smaller, or choose another backend.",
      );
    }
    const durations = durationsOfBenchmark(measured, settings.batch);
    const key = speedKeyOf(settings, shape, device);
    const known = this.#file.find(keyOf("speed", key), speedSchema);
    // A training knows all but the step better.
    const { milliseconds } = measured;
    const better =
      known?.source === "run" ? { ...known, milliseconds } : { ...durations, source: "benchmark" as const };
    this.#rememberSpeed(key, device, better);
  }

  /** Stores what a run took, for estimates of the next one. @param settings as the user chose them */
  rememberRun(settings: MeasuredSettings, shape: NetworkShape, device: GpuChoice, durations: Durations): void {
    this.#rememberSpeed(speedKeyOf(settings, shape, device), device, { ...durations, source: "run" });
  }

  #rememberSpeed(key: SpeedKey, device: GpuChoice, durations: Omit<StepSpeed, "device" | "measuredAt">): void {
    const name = device.gpu?.name ?? findProcessor().description;
    this.#file.remember(keyOf("speed", key), { ...durations, device: name, measuredAt: timestamp() });
  }

  /**
   * Fills unset settings without a measurement. A backend that was chosen for another machine, and that this one lacks, is
   * chosen again.
   * @param isThere whether this machine has a backend; replaced in tests
   */
  unmeasured(settings: TrainingSettings, isThere = isAvailable): TrainingSettings {
    return { ...withoutLostBackend(settings, isThere), threads: threadsOf(settings) };
  }
}

/** Returns what a measurement is valid for: the layers, not the name of the network. */
function speedKeyOf(settings: MeasuredSettings, shape: NetworkShape, device: GpuChoice) {
  const { network, batch, precision, backend } = settings;
  const threads = threadsOf(settings);
  return { layers: networkOf(network).layers, shape, batch, precision, backend, threads, gpu: device.gpu && device };
}

type SpeedKey = ReturnType<typeof speedKeyOf>;

/** Returns the threads of a training: one for each core by default. */
function threadsOf({ threads }: Pick<TrainingSettings, "threads">): number {
  return threads > 0 ? threads : findProcessor().cores;
}

function refusePrecision({ precision }: Pick<TrainingSettings, "precision">, gpu: Gpu | null): void {
  if (precision === "float32" || (gpu?.computeCapability ?? 0) >= BFLOAT16_CAPABILITY) return;
  throw new EctopyError(
    "invalid-settings",
    "This machine does not support bfloat16: it needs an NVIDIA GPU of compute capability 8 or more.",
    "Train in float32 (--precision float32).",
  );
}

let machine: object | undefined;

function keyOf(what: string, details: unknown): string {
  // Looked up once: each backend is searched for among the files.
  machine ??= describeMachine();
  return JSON.stringify({ what, ...machine, details });
}

/** Returns what all measurements of this machine depend on. */
function describeMachine(): object {
  const { description, cores } = findProcessor();
  const backends = listBackends([])
    .filter(({ missing }) => missing === "")
    .map(({ name }) => name);
  return { processor: description, cores, backends, tensorflow: nativeLibrary(), ectopy: version };
}

/** Identifies the installed TensorFlow library by its files; null where there is none. */
function nativeLibrary(): string | null {
  try {
    const require = createRequire(import.meta.url);
    const folder = realpathSync(
      join(dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")), "deps", "lib"),
    );
    const files = readdirSync(folder).filter((name) => name.includes("tensorflow"));
    if (files.length === 0) return null;
    return files.map((name) => `${name} ${statSync(join(folder, name)).size}`).join(", ");
  } catch {
    return null;
  }
}
