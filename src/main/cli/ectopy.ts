#!/usr/bin/env node
/** Entry point of the command line: `ectopy …`. */
import { enableCompileCache } from "node:module";

// With the cache, Node strips the types once, not at each start.
enableCompileCache();
const [{ main }, { handleCrashes }, { appLogFolder }] = await Promise.all([
  import("./program.ts"),
  import("../base/crash.ts"),
  import("../store/preferences.ts"),
]);
handleCrashes({ logs: appLogFolder() });
process.exitCode = await main(process.argv.slice(2));
