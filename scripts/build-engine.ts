/**
 * `npm run -s engine -- SYSTEM…`: builds the engine's addon for other systems, such as `win32-x64`, into
 * node_modules/.ectopy/, and prints the paths; without an argument, for all systems. `webassembly` builds the module of
 * the project, resources/engine.wasm.
 */
import { join } from "node:path";
import { buildWasm, wasmFile } from "./setup/wasm-build.mjs";
import { placeEngine, provideEngine, systemNames } from "./setup/engine-systems.mjs";
import { say, SetupError } from "./setup/report.mjs";

const WEBASSEMBLY = "webassembly";
const project = join(import.meta.dirname, "..");
const named = process.argv.slice(2);
const all = [...systemNames, WEBASSEMBLY];
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown system "${unknown.join('", "')}". Systems: ${all.join(", ")}.`);
  process.exit(2);
}
try {
  for (const system of named.length > 0 ? named : all) {
    console.log(system === WEBASSEMBLY ? await makeModule() : await makeAddon(system));
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  say(error.fix);
  process.exitCode = 1;
}

async function makeAddon(system: string): Promise<string> {
  return placeEngine(await provideEngine(project, system), join(project, "node_modules"), system);
}

async function makeModule(): Promise<string> {
  const file = join(project, wasmFile);
  await buildWasm(project, file);
  return file;
}
