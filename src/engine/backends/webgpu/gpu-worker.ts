/** Starts the thread with Dawn, and waits for its answers. */
import { existsSync } from "node:fs";
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import type { GpuAnswer, GpuFailure, GpuRequest, GpuThreadData } from "./protocol.ts";

/** A GPU, its driver or its memory failed. Training can continue on another backend. */
export class GpuError extends Error {
  override readonly name = "GpuError";
  readonly failure: GpuFailure;

  constructor(failure: GpuFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** A slow driver compiles many shaders in this time, and a slow GPU runs the longest block. */
const MAX_WAIT_MS = 300_000;
const NO_ANSWER = "The GPU did not answer in five minutes.";

type Answered = Extract<GpuAnswer, { ok: true }>;

/** The thread's file: the build puts it beside this one (electron.vite.config.ts). */
const THREAD = new URL(import.meta.url.endsWith(".js") ? "./gpu-thread.js" : "./gpu-thread.ts", import.meta.url);

class GpuWorker {
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  /** Whether an answer is overdue: the next request would receive it. */
  #stuck = false;

  /** @throws GpuError where the thread's file is missing */
  constructor() {
    // A thread without a file could not answer.
    if (!existsSync(THREAD)) throw new GpuError("failed", "This copy of Ectopy lacks the thread for GPUs.");
    const { port1, port2 } = new MessageChannel();
    const workerData: GpuThreadData = { port: port2, signal: this.#signal };
    this.#port = port1;
    const worker = new Worker(THREAD, { workerData, transferList: [port2], execArgv: [] });
    // It waits for requests until the process ends, and must not keep it from ending.
    worker.unref();
    this.#port.unref();
    worker.on("error", () => {});
  }

  /** Sends a request, and blocks until it is answered. @throws GpuError */
  request(request: GpuRequest): Answered {
    if (this.#stuck) throw new GpuError("no-answer", NO_ANSWER);
    Atomics.store(this.#signal, 0, 0);
    this.#port.postMessage(request);
    const waited = Atomics.wait(this.#signal, 0, 0, MAX_WAIT_MS);
    if (waited === "timed-out") {
      this.#stuck = true;
      throw new GpuError("no-answer", NO_ANSWER);
    }
    const answer = receiveMessageOnPort(this.#port)?.message as GpuAnswer;
    if (!answer.ok) throw new GpuError(answer.failure, answer.message);
    return answer;
  }
}

let started: GpuWorker | null = null;

/** Returns the thread of this process. There is one at most, which stays: Dawn's addon may crash where a thread ends. */
export function gpuWorker(): GpuWorker {
  started ??= new GpuWorker();
  return started;
}
