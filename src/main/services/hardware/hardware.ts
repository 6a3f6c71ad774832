/**
 * The device that trains, the fastest way to train a network on it, and how long that takes. All are measured and
 * stored.
 */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import {
  convolutionKinds,
  type BackendState,
  type Gpu,
  type TrainingSettings,
} from "../../../contract/domain/training.ts";
import { findProcessor, type Processor } from "../../../engine/tensorflow/hardware.ts";
import { chooseBackend, listBackends } from "../../../engine/training/choose-backend.ts";
import { candidatesFor, type Candidate } from "../../../engine/training/tuning.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { version } from "../../version.ts";
import { gpuChoiceSchema, listGpus, NO_GPU, operationsWith, tryGpu, type GpuChoice } from "./gpu.ts";
import { MachineFile } from "./machine-file.ts";
import { adapterTitle, fastestWebgpuAdapter, listWebgpuAdapters } from "./webgpu.ts";
import type { GpuAdapter } from "../../../engine/backends/webgpu/webgpu.ts";
import { webgpuListSchema } from "../../../engine/processes/device-messages.ts";
import { durationsOfBenchmark, type Durations } from "./measured-speed.ts";
import { fastest, measureCandidates, type TunedNetwork } from "./tune.ts";
import { timestamp } from "../../base/timestamp.ts";

const candidateSchema = z.object({
  threads: z.int().min(1),
  microBatches: z.int().min(1),
  convolutions: z.enum(convolutionKinds),
});

const DAY_MS = 86_400_000;
const adaptersSchema = webgpuListSchema.extend({ at: z.string() });
const fasterGpuSchema = z.object({ adapter: z.string().nullable() });

const speedSchema: z.ZodType<StepSpeed> = z.object({
  milliseconds: z.number().gt(0),
  predictionMilliseconds: z.number().min(0),
  fixedSeconds: z.number().min(0),
  source: z.enum(["benchmark", "run"]),
  device: z.string(),
  measuredAt: z.string(),
});

/** Settings that the time of a step depends on. */
type MeasuredSettings = Pick<
  TrainingSettings,
  "network" | "batch" | "precision" | "threads" | "microBatches" | "convolutions" | "backend"
>;

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

  /** Tries the GPU where there is one; stored until machine, driver, TensorFlow or Ectopy change. */
  async gpu(): Promise<GpuChoice> {
    const [first] = await listGpus();
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

  /** Returns the backends of this machine. */
  async backends(): Promise<BackendState[]> {
    const adapters = await this.webgpuAdapters();
    return listBackends(adapters.map(adapterTitle));
  }

  /** Returns the GPU that trains the network faster than the processor, by a trial that is stored; null: none. */
  async #fasterGpu({ network, batch }: MeasuredSettings, shape: TunedNetwork["shape"]): Promise<string | null> {
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
   * Chooses the backend, and unset threads, micro-batches and convolutions, by short measurements before a network's
   * first training on this machine.
   * @returns the settings, and the name of the GPU for WebGPU; null: the first one
   * @throws EctopyError `invalid-settings`: a precision that this machine or the backend does not have;
   *   `engine-unavailable`: a backend that it does not have; CancelledError
   */
  async chooseOpenSettings(
    settings: TrainingSettings,
    shape: TunedNetwork["shape"],
    device: GpuChoice,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<{ settings: TrainingSettings; adapter: string | null }> {
    const processor = findProcessor();
    refusePrecision(settings, processor, device.gpu);
    // Refuses a backend that is missing, or that can't execute the training.
    const backend = chooseBackend(settings);
    if (settings.backend === "auto" && backend !== "tensorflow" && device.gpu === null) {
      watch.progress({ stage: "Choosing the backend", done: 0, total: 1, unit: "networks" });
      const adapter = await this.#fasterGpu(settings, shape);
      if (adapter !== null) return { settings: this.unmeasured({ ...settings, backend: "webgpu" }, device), adapter };
    }
    const open = candidatesFor(settings, processor.cores, operationsWith(device));
    if (open.length === 1) return { settings: { ...settings, ...open[0] }, adapter: null };
    const known = this.#file.find(keyOf("threads", tuningOf(settings, shape, device)), candidateSchema);
    if (known !== undefined) return { settings: { ...settings, ...known }, adapter: null };
    const { chosen } = await this.#measure(settings, shape, device, watch);
    return { settings: { ...settings, ...(chosen ?? open[0]) }, adapter: null };
  }

  /** Returns the measured durations of a training; null before a measurement. */
  async speed(settings: MeasuredSettings, shape: TunedNetwork["shape"]): Promise<StepSpeed | null> {
    const device = await this.gpu();
    return this.#file.find(keyOf("speed", tuningOf(settings, shape, device)), speedSchema) ?? null;
  }

  /**
   * Measures the time of a step, and stores the fastest candidate for trainings.
   * @throws EctopyError `engine-unavailable`: nothing could be measured; CancelledError
   */
  async measureSpeed(
    settings: MeasuredSettings,
    shape: TunedNetwork["shape"],
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<void> {
    const device = await this.gpu();
    refusePrecision(settings, findProcessor(), device.gpu);
    const { chosen } = await this.#measure(settings, shape, device, watch);
    if (chosen !== undefined) return;
    throw new EctopyError(
      "engine-unavailable",
      "The speed of this network could not be measured: every candidate failed.",
      "Make the network or its batch smaller, or run `npm run setup` where TensorFlow is missing.",
    );
  }

  async #measure(
    settings: MeasuredSettings,
    shape: TunedNetwork["shape"],
    device: GpuChoice,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<{ chosen: Candidate | undefined }> {
    const { network, batch, precision, backend } = settings;
    const tuning = tuningOf(settings, shape, device);
    const measured = await measureCandidates({
      network: { network, shape, batch, precision, backend },
      candidates: tuning.open,
      device,
      startProcess: this.#startProcess,
      ...watch,
    });
    const chosen = fastest(measured);
    if (chosen !== undefined) {
      this.#file.remember(keyOf("threads", tuning), chosen);
      const found = measured.find((each) => isSameWay(each, chosen));
      const { milliseconds, startMilliseconds } = found ?? {};
      if (milliseconds !== undefined && milliseconds !== null && startMilliseconds !== undefined) {
        const durations = durationsOfBenchmark({ milliseconds, startMilliseconds }, batch);
        const known = this.#file.find(keyOf("speed", tuning), speedSchema);
        // A training knows all but the step better.
        const better =
          known?.source === "run" ? { ...known, milliseconds } : { ...durations, source: "benchmark" as const };
        this.#rememberSpeed(tuning, device, better);
      }
    }
    return { chosen };
  }

  /** Stores what a run took, for estimates of the next one. @param settings as the user chose them */
  rememberRun(settings: MeasuredSettings, shape: TunedNetwork["shape"], device: GpuChoice, durations: Durations): void {
    this.#rememberSpeed(tuningOf(settings, shape, device), device, { ...durations, source: "run" });
  }

  #rememberSpeed(tuning: Tuning, device: GpuChoice, durations: Omit<StepSpeed, "device" | "measuredAt">): void {
    const name = device.gpu?.name ?? findProcessor().description;
    this.#file.remember(keyOf("speed", tuning), { ...durations, device: name, measuredAt: timestamp() });
  }

  /** Fills unset settings with the candidate that is most likely fastest. */
  unmeasured(settings: TrainingSettings, device: GpuChoice): TrainingSettings {
    return { ...settings, ...candidatesFor(settings, findProcessor().cores, operationsWith(device))[0] };
  }
}

/** Returns what a measurement is valid for: the layers, not the name of the network. */
function tuningOf(settings: MeasuredSettings, shape: TunedNetwork["shape"], device: GpuChoice) {
  const { network, batch, precision, backend } = settings;
  const open = candidatesFor(settings, findProcessor().cores, operationsWith(device));
  return { layers: networkOf(network).layers, shape, batch, precision, backend, open, gpu: device.gpu && device };
}

type Tuning = ReturnType<typeof tuningOf>;

function isSameWay(one: Candidate, other: Candidate): boolean {
  return (
    one.threads === other.threads && one.microBatches === other.microBatches && one.convolutions === other.convolutions
  );
}

function refusePrecision({ precision }: MeasuredSettings, processor: Processor, gpu: Gpu | null): void {
  if (precision === "float32" || processor.bfloat16 || (gpu?.computeCapability ?? 0) >= BFLOAT16_CAPABILITY) return;
  throw new EctopyError(
    "invalid-settings",
    `This machine does not support bfloat16: ${processor.description} has neither AVX512_BF16 nor AMX, and there is no NVIDIA GPU of compute capability 8 or more to train on.`,
    "Train in float32 (--precision float32).",
  );
}

function keyOf(what: string, details: unknown): string {
  const { description, cores } = findProcessor();
  const backends = listBackends([])
    .filter(({ missing }) => missing === "")
    .map(({ name }) => name);
  const machine = { processor: description, cores, backends, tensorflow: nativeLibrary(), ectopy: version };
  return JSON.stringify({ what, ...machine, details });
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
