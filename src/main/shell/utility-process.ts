/** A process of our own as a utility process of Electron: its fuses let no other be started from the app's binary. */
import { utilityProcess } from "electron";
import { once } from "node:events";
import { basename } from "node:path";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import type { NumberedMessage, PortMessage } from "../../engine/processes/parent-channel.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { inOwnTemporaryFolder } from "../workers/processes/temporary-process.ts";
import { endOf } from "./exit-code.ts";

/** What is still in the pipe when a process ends has arrived by then, in ms. */
const LAST_WORDS_WITHIN = 500;

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
    // Electron would crash where a message is posted while the end is being told.
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

/** Electron takes all listeners off a stream once the end has been told: what is left in it needs new ones. */
async function readRest(stream: NodeJS.ReadableStream, onText: (text: string) => void): Promise<void> {
  await nextTurn();
  if (!stream.readable) return;
  stream.on("data", onText);
  await Promise.race([once(stream, "end"), wait(LAST_WORDS_WITHIN, undefined, { ref: false })]).catch(() => {});
  stream.removeListener("data", onText);
}
