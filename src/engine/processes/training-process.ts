/**
 * A training process: one run, from its start command to its last event, or several one after another. A crash here ends
 * this run only. A thread trains, so that this one receives messages at any time.
 */
import { SHARE_ENV, Worker } from "node:worker_threads";
import { lowerPriority } from "./lower-priority.ts";
import { openParentChannel } from "./parent-channel.ts";
import { relayMessages } from "./thread-channel.ts";
import { endOnUncaught } from "./uncaught.ts";

/** The thread's file: the build puts it beside this one (electron.vite.config.ts). */
const THREAD = new URL(
  import.meta.url.endsWith(".js") ? "./training-thread.js" : "./training-thread.ts",
  import.meta.url,
);

endOnUncaught();
// On Linux, a thread has the priority of the one that starts it.
lowerPriority();

const thread = new Worker(THREAD, { env: SHARE_ENV, execArgv: [] });
thread.on("error", (error) => {
  throw error;
});
thread.on("exit", (status) => process.exit(status));
relayMessages(openParentChannel(), thread);
