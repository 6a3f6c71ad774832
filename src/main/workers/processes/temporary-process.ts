/** Gives each process a temporary folder, which is removed after the end of the process. */
import { rmSync } from "node:fs";
import { makeTemporaryFolder } from "../../base/temporary.ts";
import type { StartProcess } from "./start-process.ts";

/** Redirects temporary files of the process, and of TensorFlow in it, from `os.tmpdir()` to that folder. */
export function inOwnTemporaryFolder(start: StartProcess): StartProcess {
  return (options, listener) => {
    const folder = makeTemporaryFolder("process");
    const environment = { ...options.environment, TMPDIR: folder, TEMP: folder, TMP: folder };
    return start(
      { ...options, environment },
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
