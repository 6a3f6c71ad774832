#!/usr/bin/env node
/**
 * `ectopy` after `npm link` in the clone: the command line, set up as `npm run ectopy` does. Paths are relative to the
 * current folder.
 */

// Inside an npm script of another project, INIT_CWD names that project's folder, and scripts/run.mjs would resolve
// paths from it.
process.env.INIT_CWD = process.cwd();
process.argv.splice(2, 0, "ectopy");
await import("./run.mjs");
