/** Counts beats for previews in one thread, which starts with the first preview and lives until it is closed. */
import { Worker } from "node:worker_threads";
import { errorFromReport } from "../../contract/domain/errors.ts";
import type { PreparationSummary } from "../../contract/domain/preparation.ts";
import { entryPoint } from "../entry-points.ts";
import type { PreviewOrder, PreviewReply, PreviewRequest } from "./preview-messages.ts";

interface Pending {
  resolve: (summary: PreparationSummary) => void;
  reject: (error: unknown) => void;
}

export class Previewer {
  #thread: Worker | undefined;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;

  /** @throws EctopyError about the recordings or the settings; CancelledError */
  async count(order: PreviewOrder, signal: AbortSignal): Promise<PreparationSummary> {
    const thread = (this.#thread ??= this.#start());
    const id = this.#nextId++;
    const send = (request: PreviewRequest): void => thread.postMessage(request);
    const cancel = (): void => send({ type: "cancel", id });
    const answer = new Promise<PreparationSummary>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    send({ type: "count", id, order });
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    try {
      return await answer;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Ends the thread and its worker threads; previews under way fail. */
  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(entryPoint("preview-thread"));
    thread.on("message", (reply: PreviewReply) => {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if ("error" in reply) pending?.reject(errorFromReport(reply.error));
      else pending?.resolve(reply.summary);
    });
    thread.on("error", (error) => this.#end(thread, error));
    thread.on("exit", (status) => this.#end(thread, new Error(`The preview thread ended with status ${status}.`)));
    return thread;
  }

  /** The next preview starts a new thread. */
  #end(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
