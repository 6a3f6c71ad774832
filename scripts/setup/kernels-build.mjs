/**
 * Builds native/ into a Node addon with the machine's C++ compiler: most files once, width.cpp once for each width of
 * vectors.
 */
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
  const names = readdirSync(source)
    .filter((name) => /\.(h|cpp)$/.test(name))
    .sort();
  const contents = names.map((name) => [name, readFileSync(join(source, name), "utf8")]);
  return JSON.stringify([contents, targets, compileFlags]);
}

/**
 * @param {object} build
 * @param {string} build.compiler
 * @param {string} build.source folder native/
 * @param {string} build.library folder of libtensorflow.so and libtensorflow_framework.so
 * @param {string} build.addon file to write; object files lie beside it during the build
 * @param {Target[]} [build.targets]
 * @param {string[]} [build.defines]
 * @throws {SetupError} with the compiler's last lines
 */
export async function buildKernels({ compiler, source, library, addon, targets: widths, defines = [] }) {
  const chosen = widths ?? targets[process.arch] ?? [];
  const objects = `${addon}.objects`;
  mkdirSync(objects, { recursive: true });
  try {
    const compilations = compilationsOf(source, chosen, defines);
    await Promise.all(
      compilations.map(({ file, object, flags }) =>
        run(compiler, [...compileFlags, ...flags, "-o", join(objects, object), join(source, file)]),
      ),
    );
    const link = ["-shared", "-o", addon, ...compilations.map(({ object }) => join(objects, object))];
    // TensorFlow is loaded before the addon: the addon contains only the libraries' names.
    link.push(`-L${library}`, "-ltensorflow", "-ltensorflow_framework", "-pthread");
    await run(compiler, link);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

/**
 * Returns what is compiled: a source, the name of its object file, and its flags besides `compileFlags`.
 *
 * @param {string} source
 * @param {Target[]} widths
 * @param {string[]} defines
 */
function compilationsOf(source, widths, defines) {
  const common = readdirSync(source).filter((name) => name.endsWith(".cpp") && name !== "width.cpp");
  return [
    ...widths.map(({ name, width, flags }) => ({
      file: "width.cpp",
      object: `width-${name}.o`,
      flags: [...flags, `-DECTOPY_TARGET=${name}`, `-DECTOPY_WIDTH=${width}`],
    })),
    ...common.map((file) => ({ file, object: `${file}.o`, flags: defines })),
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
 * @param {string} compiler
 * @param {string[]} args
 */
async function run(compiler, args) {
  const ended = await runChild(compiler, args);
  if (ended.ok) return;
  throw new SetupError(
    `The training kernels could not be built (${ended.how}).\n  ${lastLines(ended.output, 6)}`,
    "Install a C++ compiler with C++17 (Debian: sudo apt-get install g++).",
  );
}
