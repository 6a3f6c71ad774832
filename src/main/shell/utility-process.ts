/** Starts child processes as Electron's utility processes: the app's fuses allow no other kind. */
import { utilityProcess } from "electron";
import { once } from "node:events";
import { basename } from "node:path";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import type { NumberedMessage, PortMessage } from "../../engine/processes/parent-channel.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { inOwnTemporaryFolder } from "../workers/processes/temporary-process.ts";
import { endOf } from "./exit-code.ts";

/** Output that is still in the pipe when a process ends arrives within this time. */
const LAST_OUTPUT_TIMEOUT_MS = 500;

export const startUtilityProcess: StartProcess = inOwnTemporaryFolder(
  ({ program, args = [], environment }, { onMessage, onErrorOutput, onEnd }) => {
    const child = utilityProcess.fork(program, [...args], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
      serviceName: `Ectopy ${basename(program, ".js")}`,
    });
    const stderr = child.stderr!;
    stderr.setEncoding("utf8").on("data", onErrorOutput);
    let gone = false;
    // Electron crashes if a message is posted while it reports the end.
    const post = (message: PortMessage): void => {
      if (!gone) child.postMessage(message);
    };
    child.on("message", ({ number, message }: NumberedMessage) => {
      onMessage(message);
      post({ received: number });
    });
    child.on("error", (type, location) => onErrorOutput(`${type}: ${location}\n`));
    child.once("exit", (code) => {
      gone = true;
      void readRest(stderr, onErrorOutput).then(() => onEnd(endOf(code)));
    });
    return { send: (message) => post({ message }), kill: () => void child.kill() };
  },
);

/** Reads the rest of a stream. Electron removes all listeners once it has reported the end; the rest needs new ones. */
async function readRest(stream: NodeJS.ReadableStream, onText: (text: string) => void): Promise<void> {
  await nextTurn();
  if (!stream.readable) return;
  stream.on("data", onText);
  await Promise.race([once(stream, "end"), wait(LAST_OUTPUT_TIMEOUT_MS, undefined, { ref: false })]).catch(() => {});
  stream.removeListener("data", onText);
}
