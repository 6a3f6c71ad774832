/** Builds native/ with a C++ compiler into a Node addon. Most files are compiled once, width.cpp once for each width of vectors. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runChild } from "./child.mjs";
import { SetupError } from "./report.mjs";

/**
 * @typedef {object} Target one width of vectors
 * @property {string} name namespace of its kernels in the sources
 * @property {number} width floats a vector
 * @property {string[]} flags
 */

/** @type {Record<string, Target[]>} by processor */
export const targets = {
  x64: [
    { name: "baseline", width: 4, flags: [] },
    { name: "avx2", width: 8, flags: ["-mavx2", "-mfma"] },
    { name: "avx512", width: 16, flags: ["-mavx512f", "-mavx2", "-mfma", "-mprefer-vector-width=512"] },
  ],
  arm64: [{ name: "neon", width: 4, flags: [] }],
};

/** The widest kernels by the vectors of AVX2, so that they can be tested on a processor without AVX-512. */
export const lowered = {
  targets: (targets.x64 ?? []).map((target) =>
    target.name === "avx512" ? { ...target, flags: ["-mavx2", "-mfma", "-DECTOPY_REGISTERS=32"] } : target,
  ),
  defines: ["-DECTOPY_AVX512_LOWERED"],
};

/**
 * @typedef {object} System what a build is for
 * @property {string} arch processor, by Node's name
 * @property {string[]} compile arguments of the compiler
 * @property {string[]} link arguments of the linker
 */

/** @type {System} */
const thisSystem = { arch: process.arch, compile: [], link: ["-pthread"] };

/** File name of the addon. */
export const ADDON = "ectopy_engine.node";

const compileFlags = [
  "-c",
  "-std=c++17",
  "-O3",
  "-fPIC",
  "-fvisibility=hidden",
  "-fno-math-errno",
  "-Wall",
  "-Wno-psabi",
];

/**
 * Returns everything that a build depends on, as one text: the sources' names and contents, and the flags.
 *
 * @param {string} source folder native/
 * @returns {string}
 */
export function describeSources(source) {
  const names = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(h|cpp)$/.test(name))
    .sort();
  const contents = names.map((name) => [name, readFileSync(join(source, name), "utf8")]);
  return JSON.stringify([contents, targets, compileFlags]);
}

/**
 * @param {object} build
 * @param {string[]} build.compiler program, and its first arguments
 * @param {NodeJS.ProcessEnv} [build.env] environment of the compiler
 * @param {System} [build.system] this one by default
 * @param {string} build.source folder native/
 * @param {string} build.folder receives the addon; object files lie in it during the build
 * @param {Target[]} [build.targets]
 * @param {string[]} [build.defines]
 * @throws {SetupError} with the compiler's last lines
 */
export async function buildKernels({
  compiler,
  env = process.env,
  source,
  folder,
  system = thisSystem,
  targets: widths = targets[system.arch] ?? [],
  defines = [],
}) {
  const compile = (/** @type {string[]} */ args) => run(compiler, args, env);
  const objects = join(folder, "objects");
  mkdirSync(objects, { recursive: true });
  try {
    const compilations = compilationsOf(source, widths, defines);
    await Promise.all(
      compilations.map(({ file, object, flags }) =>
        compile([...system.compile, ...compileFlags, ...flags, "-o", join(objects, object), join(source, file)]),
      ),
    );
    const linked = compilations.map(({ object }) => join(objects, object));
    await compile([...system.compile, "-shared", "-o", join(folder, ADDON), ...linked, ...system.link]);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

/**
 * @typedef {object} Compilation
 * @property {string} file source, relative to native/
 * @property {string} object name of its object file
 * @property {string[]} flags besides `compileFlags`
 */

/**
 * Returns what is compiled.
 *
 * @param {string} source
 * @param {Target[]} widths
 * @param {string[]} defines
 * @returns {Compilation[]}
 */
function compilationsOf(source, widths, defines) {
  const others = readdirSync(source).filter((name) => name.endsWith(".cpp") && name !== "width.cpp");
  return [
    ...widths.map(({ name, width, flags }) => ({
      file: "width.cpp",
      object: `width-${name}.o`,
      flags: [...flags, `-DECTOPY_TARGET=${name}`, `-DECTOPY_WIDTH=${width}`],
    })),
    ...others.map((file) => ({ file, object: `${file}.o`, flags: defines })),
  ];
}

/** @param {string} source folder native/ */
export function compileCommandsFile(source) {
  return join(source, "compile_commands.json");
}

/**
 * Writes compile_commands.json into native/, from which clangd and clang-tidy take each source's flags.
 *
 * @param {string} source folder native/
 */
export function writeCompileCommands(source) {
  const commands = compilationsOf(source, targets[process.arch] ?? [], []).map(({ file, object, flags }) => ({
    directory: source,
    file,
    arguments: ["c++", ...compileFlags, ...flags, "-o", object, file],
  }));
  writeFileSync(compileCommandsFile(source), `${JSON.stringify(commands, null, 2)}\n`);
}

/**
 * @param {string[]} compiler
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function run([program = "", ...first], args, env) {
  const ended = await runChild(program, [...first, ...args], { env });
  if (ended.ok) return;
  throw new SetupError(
    `The training kernels could not be built (${ended.how}).\n  ${lastLines(ended.output, 6)}`,
    "Install a C++ compiler with C++17 (Debian: sudo apt-get install g++).",
  );
}
