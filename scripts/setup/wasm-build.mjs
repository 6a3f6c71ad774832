/**
 * Builds native/ into the WebAssembly module resources/engine.wasm by zig's compiler. The same compiler gives the same
 * bytes on every machine.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines, runChild } from "./child.mjs";
import { SetupError } from "./report.mjs";
import { provideZig } from "./zig.mjs";

/** Sources of native/ that are addons' alone, or replaced by those of native/wasm/. */
const otherSources = ["addon.cpp", "fill-rows.cpp", "node-api-windows.cpp", "platform.cpp"];

const compileFlags = [
  // WASI only for the headers of the standard library: the module imports nothing but its memory.
  "--target=wasm32-wasi",
  "-mcpu=generic+atomics+bulk_memory+mutable_globals+nontrapping_fptoint+sign_ext+simd128",
  "-c",
  "-std=c++17",
  "-O3",
  "-fvisibility=hidden",
  "-fno-exceptions",
  "-fno-rtti",
  // Statics are initialized by the first operation, before other threads begin.
  "-fno-threadsafe-statics",
  "-fno-math-errno",
  "-ffp-contract=off",
  "-Wall",
  "-DECTOPY_TARGET=simd128",
  "-DECTOPY_WIDTH=4",
];

const linkFlags = [
  "--no-entry",
  "--import-memory",
  "--shared-memory",
  "--max-memory=4294901760",
  "-z",
  "stack-size=1048576",
  "--export=__stack_pointer",
  "--strip-all",
  "-O2",
];

/** The module in the project, from which every copy of Ectopy takes it. */
export const wasmFile = join("resources", "engine.wasm");

/**
 * Builds the module, and downloads Zig if it is not in the cache.
 *
 * @param {string} project
 * @param {string} file receives the module
 * @throws {SetupError} with the compiler's last lines
 */
export async function buildWasm(project, file) {
  const zig = await provideZig(project);
  const source = join(project, "native");
  const objects = mkdtempSync(join(tmpdir(), "ectopy-wasm-"));
  try {
    const sources = ["", "wasm"].flatMap((folder) =>
      readdirSync(join(source, folder))
        .filter((name) => name.endsWith(".cpp") && !(folder === "" && otherSources.includes(name)))
        .sort()
        .map((name) => join(folder, name)),
    );
    mkdirSync(join(objects, "wasm"));
    await Promise.all(
      sources.map((name) => run(zig, ["c++", ...compileFlags, "-o", join(objects, `${name}.o`), join(source, name)])),
    );
    await run(zig, ["wasm-ld", ...linkFlags, "-o", file, ...sources.map((name) => join(objects, `${name}.o`))]);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

/**
 * @param {import("./zig.mjs").Zig} zig
 * @param {string[]} args
 */
async function run(zig, args) {
  const ended = await runChild(zig.path, args, { env: { ...process.env, ...zig.env } });
  if (!ended.ok)
    throw new SetupError(
      `The WebAssembly module could not be built (${ended.how}).\n  ${lastLines(ended.output, 6)}`,
      "",
    );
}
