/**
 * The thread that counts beats for previews of preparations. It lives as long as its service and keeps one pool of
 * worker threads: a preview is requested at each change of a setting, and would otherwise start one thread per core
 * each time.
 */
import { parentPort } from "node:worker_threads";
import { reportError } from "../../contract/domain/errors.ts";
import { countBeats, createBeatPool } from "./prepare-beats.ts";
import type { PreviewReply, PreviewRequest } from "./preview-messages.ts";

const port = parentPort;
if (!port) throw new Error("The preview thread is started by previewer.ts.");
const pool = createBeatPool();
const running = new Map<number, AbortController>();

port.on("message", (request: PreviewRequest) => {
  if (request.type === "cancel") {
    running.get(request.id)?.abort();
    return;
  }
  const { id, order } = request;
  const cancel = new AbortController();
  running.set(id, cancel);
  void countBeats({ ...order, pool, progress: () => {}, signal: cancel.signal })
    .then(
      (summary): PreviewReply => ({ id, summary }),
      (error: unknown): PreviewReply => ({ id, error: reportError(error) }),
    )
    .then((reply) => {
      running.delete(id);
      port.postMessage(reply);
    });
});
