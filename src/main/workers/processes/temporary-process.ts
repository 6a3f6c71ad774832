/** A process of our own with a temporary folder that is removed when it has ended, however it ended. */
import { rmSync } from "node:fs";
import { makeTemporaryFolder } from "../../base/temporary.ts";
import type { StartProcess } from "./start-process.ts";

/** What it, and TensorFlow in it, writes to the system's temporary folder (`os.tmpdir()`) goes there. */
export function inOwnTemporaryFolder(start: StartProcess): StartProcess {
  return (what, listener) => {
    const folder = makeTemporaryFolder("process");
    const environment = { ...what.environment, TMPDIR: folder, TEMP: folder, TMP: folder };
    return start(
      { ...what, environment },
      {
        ...listener,
        onEnd: (end) => {
          rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
          listener.onEnd(end);
        },
      },
    );
  };
}
