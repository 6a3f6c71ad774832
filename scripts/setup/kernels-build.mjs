/**
 * Builds native/ into a Node addon with the machine's C++ compiler: some files once, those with vectors once a width.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
 * The sources' names and contents and the flags: what a build depends on.
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
 * @param {string} build.addon file to make; object files come and go beside it
 * @param {Target[]} [build.targets]
 * @param {string[]} [build.defines]
 * @throws {SetupError} with the compiler's last words
 */
export async function buildKernels({ compiler, source, library, addon, targets: widths, defines = [] }) {
  const chosen = widths ?? targets[process.arch] ?? [];
  const objects = `${addon}.objects`;
  mkdirSync(objects, { recursive: true });
  try {
    const common = readdirSync(source).filter((name) => name.endsWith(".cpp") && name !== "width.cpp");
    const compilations = [
      ...chosen.map(({ name, width, flags }) => ({
        file: "width.cpp",
        object: join(objects, `width-${name}.o`),
        flags: [...flags, `-DECTOPY_TARGET=${name}`, `-DECTOPY_WIDTH=${width}`],
      })),
      ...common.map((file) => ({ file, object: join(objects, `${file}.o`), flags: defines })),
    ];
    await Promise.all(
      compilations.map(({ file, object, flags }) =>
        run(compiler, [...compileFlags, ...flags, "-o", object, join(source, file)]),
      ),
    );
    const link = ["-shared", "-o", addon, ...compilations.map(({ object }) => object)];
    // TensorFlow is loaded before the addon is: only the libraries' names go into it.
    link.push(`-L${library}`, "-ltensorflow", "-ltensorflow_framework", "-pthread");
    await run(compiler, link);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
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
