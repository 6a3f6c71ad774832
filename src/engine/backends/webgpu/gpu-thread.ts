/**
 * The thread with Dawn: WebGPU is asynchronous, and the engine is not, so the engine's thread waits for this one. It
 * answers one request at a time.
 */
import { workerData } from "node:worker_threads";
import { describeAdapter, offeredAdapters } from "./adapters.ts";
import { loadDawn, type DawnAdapter, type DawnDevice } from "./dawn.ts";
import { DevicePlan, Pipelines } from "./device-plan.ts";
import type { GpuAdapter, GpuAnswer, GpuFailure, GpuPlan, GpuRequest, GpuThreadData } from "./protocol.ts";

const { port, signal } = workerData as GpuThreadData;

/** An answer that says why a request failed. */
class RequestError extends Error {
  readonly failure: GpuFailure;

  constructor(failure: GpuFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

interface OpenDevice {
  device: DawnDevice;
  /** Bytes of a buffer at most. */
  maxBytes: number;
  pipelines: Pipelines;
  plans: (DevicePlan | null)[];
  /** Reason; null while the device works. */
  lost: string | null;
}

const devices: OpenDevice[] = [];

port.on("message", (request: GpuRequest) => {
  void answer(request).then((reply) => {
    port.postMessage(reply);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
});

async function answer(request: GpuRequest): Promise<GpuAnswer> {
  try {
    return await handle(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A lost device makes calls fail in other ways first. Its own message follows a little later.
    await new Promise((resolve) => setImmediate(resolve));
    const lost = "device" in request ? devices[request.device]?.lost : null;
    if (typeof lost === "string") return { ok: false, failure: "lost", message: lost };
    return { ok: false, failure: error instanceof RequestError ? error.failure : "failed", message };
  }
}

async function handle(request: GpuRequest): Promise<GpuAnswer> {
  switch (request.kind) {
    case "list":
      return { ok: true, adapters: await listAdapters() };
    case "open":
      return { ok: true, number: devices.push(await openDevice(request.adapter)) - 1 };
    case "destroy":
      devices[request.device].device.destroy();
      return { ok: true };
    case "close":
      closePlan(devices[request.device], request.plan);
      return { ok: true };
    case "load":
      return { ok: true, number: await load(working(request.device), request.plan) };
    default:
      await onPlan(working(request.device), request);
      return { ok: true };
  }
}

function working(number: number): OpenDevice {
  const device = devices[number];
  if (device.lost !== null) throw new RequestError("lost", device.lost);
  return device;
}

async function load({ device, maxBytes, pipelines, plans }: OpenDevice, plan: GpuPlan): Promise<number> {
  const bytes = DevicePlan.largestBuffer(plan);
  if (bytes > maxBytes) {
    const [needed, given] = [bytes, maxBytes].map((each) => `${Math.ceil(each / 2 ** 20)} MiB`);
    throw new RequestError("out-of-memory", `A step needs ${needed} in one piece; the GPU has ${given} at most.`);
  }
  return checked(device, async () => plans.push(await DevicePlan.load(device, pipelines, plan)) - 1);
}

type PlanRequest = Extract<GpuRequest, { kind: "run" | "download" | "upload" }>;

async function onPlan({ device, plans }: OpenDevice, request: PlanRequest): Promise<void> {
  const plan = plans[request.plan];
  if (plan === null || plan === undefined) throw new RequestError("failed", "The plan is closed.");
  switch (request.kind) {
    case "run":
      return checked(device, () => plan.run(request.program, request.steps));
    case "download":
      return checked(device, () => plan.download());
    case "upload":
      return checked(device, () => Promise.resolve(plan.upload()));
  }
}

/** Releases the memory of a plan, on a lost device as well. */
function closePlan({ plans }: OpenDevice, number: number): void {
  plans[number]?.close();
  plans[number] = null;
}

/** Runs work and throws what the device reports about it. */
async function checked<Result>(device: DawnDevice, work: () => Promise<Result>): Promise<Result> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  device.pushErrorScope("internal");
  const outcome = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const [internal, validation, memory] = [
    await device.popErrorScope(),
    await device.popErrorScope(),
    await device.popErrorScope(),
  ];
  // A buffer without memory is invalid afterwards: the first cause is the memory.
  if (memory !== null) throw new RequestError("out-of-memory", memory.message);
  const other = validation ?? internal;
  if (other !== null) throw new RequestError("failed", other.message);
  if ("error" in outcome) throw outcome.error;
  return outcome.result;
}

/** A name that no device has: Dawn answers with all names. */
const NO_NAME = "?";

async function listAdapters(): Promise<GpuAdapter[]> {
  const create = await loadDawn();
  const names = await create([`adapter=${NO_NAME}`])
    .requestAdapter()
    .then(
      () => [],
      (error: unknown) => [...String(error).matchAll(/backend: '([^']*)', name: '([^\n]*)'/g)],
    );
  const adapters: GpuAdapter[] = [];
  for (const [, api, name] of names) {
    const adapter = await find({ api, name });
    if (adapter !== null) adapters.push(describeAdapter(adapter.info, api, name));
  }
  return offeredAdapters(adapters);
}

/** Every kernel writes a workgroup's memory before it reads it; zeros cost time, above all when a driver compiles. */
const NO_ZEROS = "enable-dawn-features=disable_workgroup_init";

/** Entry objects of Dawn: adapters and devices crash where theirs has been collected. */
const entries: object[] = [];

async function find({ api, name }: Pick<GpuAdapter, "api" | "name">): Promise<DawnAdapter | null> {
  const create = await loadDawn();
  const entry = create([`backend=${api}`, `adapter=${name}`, NO_ZEROS]);
  entries.push(entry);
  return entry.requestAdapter().catch(() => null);
}

async function openDevice(choice: Pick<GpuAdapter, "api" | "name">): Promise<OpenDevice> {
  const adapter = await find(choice);
  if (adapter === null) throw new RequestError("failed", `The GPU “${choice.name}” was not found.`);
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
  const maxBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const state: OpenDevice = { device, maxBytes, pipelines: new Pipelines(device), plans: [], lost: null };
  void device.lost.then(({ message }) => (state.lost = message || "The GPU does not answer any more."));
  return state;
}
