#!/usr/bin/env node
/** The command line's entry: `ectopy …`. */
import { enableCompileCache } from "node:module";

// Sources are stripped of their types once, not at each start.
enableCompileCache();
const { main } = await import("./program.ts");
process.exitCode = await main(process.argv.slice(2));
