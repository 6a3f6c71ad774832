/** This machine: what trains on it, and how a training is best laid out. Measured once, then remembered. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../../contract/errors.ts";
import type { ReportProgress } from "../../../contract/jobs.ts";
import { convolutionKinds, type Gpu, type TrainingSettings } from "../../../contract/training.ts";
import { findProcessor, type Processor } from "../../../engine/hardware.ts";
import { nativeKernelsBuilt } from "../../../engine/native-kernels.ts";
import { candidatesFor } from "../../../engine/tuning.ts";
import { version } from "../../version.ts";
import { gpuChoiceSchema, listGpus, NO_GPU, tryGpu, type GpuChoice } from "./gpu.ts";
import { MachineFile } from "./machine-file.ts";
import { fastest, measureCandidates, type TunedNetwork } from "./tune.ts";

const candidateSchema = z.object({
  threads: z.int().min(1),
  parts: z.int().min(1),
  convolutions: z.enum(convolutionKinds),
});

/** A GPU of this compute capability multiplies bfloat16 (NVIDIA's Ampere and later). */
const BFLOAT16_CAPABILITY = 8;

export class HardwareService {
  readonly #file: MachineFile;

  /** @param folder where what was measured is remembered */
  constructor(folder: string) {
    this.#file = new MachineFile(folder);
  }

  /** Tried where there is a GPU, and remembered until machine, driver, TensorFlow or Ectopy change. */
  async gpu(): Promise<GpuChoice> {
    const [first] = await listGpus();
    if (first === undefined) return NO_GPU;
    const key = keyOf("gpu", first);
    const known = this.#file.find(key, gpuChoiceSchema);
    if (known !== undefined) return known;
    const choice = await tryGpu(first);
    this.#file.remember(key, choice);
    return choice;
  }

  /**
   * Settles what was left open: threads and parts, by a short measurement before a network's first training on this machine.
   * @throws EctopyError `invalid-settings`: a precision that this machine does not have; CancelledError
   */
  async settle(
    settings: TrainingSettings,
    shape: TunedNetwork["shape"],
    gpu: Gpu | null,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<TrainingSettings> {
    const processor = findProcessor();
    refusePrecision(settings, processor, gpu);
    const open = candidatesFor(settings, processor.cores, gpu === null && nativeKernelsBuilt());
    if (open.length === 1 || nativeLibrary() === null) return { ...settings, ...open[0] };
    const { network, batch, precision } = settings;
    const tuned: TunedNetwork = { network, shape, batch, precision };
    const key = keyOf("threads", { tuned, open, gpu });
    const known = this.#file.find(key, candidateSchema);
    if (known !== undefined) return { ...settings, ...known };
    const chosen = fastest(await measureCandidates(tuned, open, gpu !== null, watch));
    if (chosen !== undefined) this.#file.remember(key, chosen);
    return { ...settings, ...(chosen ?? open[0]) };
  }

  /** What was left open, as it is likeliest to be best. */
  unmeasured(settings: TrainingSettings, gpu: Gpu | null): TrainingSettings {
    return { ...settings, ...candidatesFor(settings, findProcessor().cores, gpu === null && nativeKernelsBuilt())[0] };
  }
}

function refusePrecision({ precision }: TrainingSettings, processor: Processor, gpu: Gpu | null): void {
  if (precision === "float32" || processor.bfloat16 || (gpu?.computeCapability ?? 0) >= BFLOAT16_CAPABILITY) return;
  throw new EctopyError(
    "invalid-settings",
    `This machine does not multiply bfloat16: ${processor.description} has neither AVX512_BF16 nor AMX, and there is no NVIDIA GPU of compute capability 8 or more to train on.`,
    "Train in float32 (--precision float32).",
  );
}

function keyOf(what: string, details: unknown): string {
  const { description, cores } = findProcessor();
  return JSON.stringify({ what, processor: description, cores, tensorflow: nativeLibrary(), ectopy: version, details });
}

/** Which native TensorFlow is there, told by its files; null: none. */
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
