/**
 * `npm run -s engine -- SYSTEM…`: builds the engine's addon for other systems, such as `win32-x64`, into
 * node_modules/.ectopy/, and prints the paths; without an argument, for all systems.
 */
import { join } from "node:path";
import { placeEngine, provideEngine, systemNames } from "./setup/engine-systems.mjs";
import { say, SetupError } from "./setup/report.mjs";

const project = join(import.meta.dirname, "..");
const named = process.argv.slice(2);
const unknown = named.filter((name) => !systemNames.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown system "${unknown.join('", "')}". Systems: ${systemNames.join(", ")}.`);
  process.exit(2);
}
try {
  for (const system of named.length > 0 ? named : systemNames) {
    console.log(placeEngine(await provideEngine(project, system), join(project, "node_modules"), system));
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  say(error.fix);
  process.exitCode = 1;
}
