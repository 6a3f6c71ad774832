#!/usr/bin/env node
/** The command line's entry: `ectopy …`. */
import { enableCompileCache } from "node:module";

// Sources are stripped of their types once, not at each start.
enableCompileCache();
const [{ main }, { handleCrashes }, { appLogFolder }] = await Promise.all([
  import("./program.ts"),
  import("../base/crash.ts"),
  import("../store/preferences.ts"),
]);
handleCrashes({ logs: appLogFolder() });
process.exitCode = await main(process.argv.slice(2));
