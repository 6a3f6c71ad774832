#!/usr/bin/env node
/** Entry point of the command line: `ectopy …`. */
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// With the cache, Node strips the types once, not at each start. Worker threads and processes find it by the variable.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
enableCompileCache(process.env.NODE_COMPILE_CACHE);
const args = process.argv.slice(2);
const { isForWorker, main: runWorker } = await import("./worker-program.ts");
if (isForWorker(args)) process.exitCode = await runWorker(args);
else {
  const [{ main }, { handleCrashes }, { appLogFolder }] = await Promise.all([
    import("./program.ts"),
    import("../base/crash.ts"),
    import("../store/preferences.ts"),
  ]);
  handleCrashes({ logs: appLogFolder() });
  process.exitCode = await main(args);
}
