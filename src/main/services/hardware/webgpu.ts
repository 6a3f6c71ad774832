/** Finds GPUs by WebGPU, and tries them on a network, each time in a separate process: a driver may end it. */
import { fileURLToPath } from "node:url";
import {
  webgpuListSchema,
  webgpuTestSchema,
  type WebgpuList,
  type WebgpuTest,
} from "../../../engine/processes/device-messages.ts";
import type { TrialSettings } from "../../../engine/training/webgpu-trial.ts";
import { logger } from "../../base/logger.ts";
import { entryPoint } from "../../entry-points.ts";
import { askProcess } from "../../workers/processes/ask-process.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";

const log = logger("hardware");

const LIST_TIMEOUT_MS = 20_000;
const TRIAL_TIMEOUT_MS = 60_000;
/** A GPU replaces the processor below this share of its time: other load causes noise of that size. */
const MAX_TIME_RATIO = 0.9;

type Adapter = WebgpuList["adapters"][number];

/** Returns a GPU as text, such as `Radeon RX 7600 (vulkan)`. */
export function adapterTitle({ name, api }: Adapter): string {
  return `${name} (${api})`;
}

/** Returns the GPUs that may train; none where the process fails. */
export async function listWebgpuAdapters(startProcess: StartProcess): Promise<Adapter[]> {
  const answer = await ask(startProcess, ["adapters"], LIST_TIMEOUT_MS);
  const { data } = webgpuListSchema.safeParse(answer);
  return data?.adapters ?? [];
}

/** Tries every GPU on a network; returns none where the process fails. */
export async function tryWebgpuAdapters(
  startProcess: StartProcess,
  settings: TrialSettings,
  signal?: AbortSignal,
): Promise<WebgpuTest["trials"]> {
  const answer = await ask(startProcess, ["webgpu", JSON.stringify(settings)], TRIAL_TIMEOUT_MS, signal);
  return webgpuTestSchema.safeParse(answer).data?.trials ?? [];
}

/** Returns the name of the GPU that trains a network faster than the processor; null: none. */
export async function fastestWebgpuAdapter(
  startProcess: StartProcess,
  settings: TrialSettings,
): Promise<string | null> {
  return fastestOf(await tryWebgpuAdapters(startProcess, settings));
}

type StepTimes = Pick<WebgpuTest["trials"][number], "stepMs" | "processorMs">;

/** Returns whether a GPU replaces the processor. */
export function clearlyFaster({ stepMs, processorMs }: StepTimes): boolean {
  return stepMs !== null && processorMs !== null && stepMs < MAX_TIME_RATIO * processorMs;
}

/** @returns null where no GPU works, or none is clearly faster than the processor */
export function fastestOf(trials: WebgpuTest["trials"]): string | null {
  for (const { adapter, problem } of trials) {
    if (problem !== "") log.warning(`${adapter.name} is not used: ${problem}`);
  }
  const [best] = trials.filter(clearlyFaster).sort((a, b) => a.stepMs! - b.stepMs!);
  return best?.adapter.name ?? null;
}

async function ask(
  startProcess: StartProcess,
  args: string[],
  timeout: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const program = fileURLToPath(entryPoint("device-process"));
  const { answer, failure, lastWords } = await askProcess(
    startProcess,
    { program, args, environment: {} },
    { timeout, signal },
  );
  if (failure !== "") log.warning(`Trying GPUs ${failure}. ${lastWords}`);
  return answer;
}
