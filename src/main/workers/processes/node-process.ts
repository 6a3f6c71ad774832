/** Starts processes of Ectopy with Node. */
import { fork } from "node:child_process";
import type { ProcessEnd, StartProcess } from "./start-process.ts";
import { inOwnTemporaryFolder } from "./temporary-process.ts";

export const startNodeProcess: StartProcess = inOwnTemporaryFolder(
  ({ program, args = [], environment, ownGroup = false }, { onMessage, onErrorOutput, onEnd }) => {
    // The server's limit of memory arenas (scripts/server-environment.mjs) would slow down threads that compute.
    const withoutLimit = { ...process.env, MALLOC_ARENA_MAX: undefined };
    const child = fork(program, args, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...withoutLimit, ...environment },
      detached: ownGroup && process.platform !== "win32",
    });
    let ended = false;
    const end = (how: ProcessEnd): void => {
      if (ended) return;
      ended = true;
      onEnd(how);
    };
    child.stderr?.setEncoding("utf8").on("data", onErrorOutput);
    child.on("message", onMessage);
    // For a started process, "close" reports the end, after its last output.
    child.on("error", (error) => child.pid === undefined && end({ status: null, signal: null, error }));
    child.on("close", (status, signal) => end({ status, signal }));
    return {
      send: (message) => {
        // The process may end at this moment: "close" reports that.
        if (child.connected) child.send(message as object, () => {});
      },
      kill: () => void child.kill("SIGKILL"),
    };
  },
);
