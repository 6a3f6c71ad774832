/** A process of our own as Node starts it. */
import { fork } from "node:child_process";
import type { ProcessEnd, StartProcess } from "./start-process.ts";
import { inOwnTemporaryFolder } from "./temporary-process.ts";

export const startNodeProcess: StartProcess = inOwnTemporaryFolder(
  ({ program, args = [], environment, ownGroup = false }, { onMessage, onErrorOutput, onEnd }) => {
    // The server's bound on memory arenas (scripts/server-environment.mjs) would slow threads that compute.
    const withoutBound = { ...process.env, MALLOC_ARENA_MAX: undefined };
    const child = fork(program, args, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...withoutBound, ...environment },
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
    // Where it runs, its end is told by "close", after its last words.
    child.on("error", (error) => child.pid === undefined && end({ status: null, signal: null, error }));
    child.on("close", (status, signal) => end({ status, signal }));
    return {
      send: (message) => {
        // It may end at this moment: its end is told by "close".
        if (child.connected) child.send(message as object, () => {});
      },
      kill: () => void child.kill("SIGKILL"),
    };
  },
);
