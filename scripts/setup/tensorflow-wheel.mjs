/**
 * TensorFlow from its Python wheel (Linux): the wheel's shared libraries and C headers, and the package's binding built
 * against them. The binding uses Node-API, so it works with every later Node too.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeEntry, needSpace } from "./cache.mjs";
import { lastLines, onSignal, runChild } from "./child.mjs";
import { nodePackage, nodePath } from "./node.mjs";
import { findProgram, installSystemPackages } from "./programs.mjs";
import { progressLine, say, SetupError } from "./report.mjs";
import { pythonWithPip, withWheel } from "./wheels.mjs";

const version = "2.21.0";

/** The wheel of each processor: name, tag, SHA-256 and size in MB. */
const wheels = {
  x64: {
    name: "tensorflow-cpu",
    platform: "manylinux_2_27_x86_64",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    megabytes: 274,
  },
  arm64: {
    name: "tensorflow",
    platform: "manylinux_2_27_aarch64",
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
    megabytes: 250,
  },
};

/** Space for the wheel and the files unpacked from it, which exist at the same time. */
const neededMegabytes = 1_200;

/** @type {import("./tensorflow.mjs").Way} */
export const wheel = {
  name: "wheel",

  fits() {
    return process.platform === "linux" && process.arch in wheels;
  },

  key(tfjs) {
    return `${tfjs.version}-tensorflow-${version}-${process.platform}-${process.arch}-napi${tfjs.napi}`;
  },

  async make(project, tfjs, entry) {
    const library = join(dirname(entry), "..", "tensorflow", `${version}-${process.platform}-${process.arch}`);
    await needCompiler();
    if (!existsSync(library)) {
      needSpace(library, neededMegabytes, "Installing TensorFlow");
      const python = await pythonWithPip("TensorFlow");
      const chosen = wheels[/** @type {keyof typeof wheels} */ (process.arch)];
      await makeEntry(library, (aside) =>
        withWheel(python, { title: "TensorFlow", version, ...chosen }, aside, (file) => unpack(python, file, aside)),
      );
    }
    await makeEntry(entry, (aside) => buildBinding(project, tfjs, { library, entry, aside }));
  },
};

/** @throws {SetupError} where there is none and none can be installed */
export async function needCompiler() {
  const missing = ["make", "g++"].filter((name) => findProgram([name]) === undefined);
  if (missing.length === 0 || (await installSystemPackages(missing, "TensorFlow's binding"))) return;
  throw new SetupError(
    `Building TensorFlow's binding needs ${missing.join(" and ")}, not found on this machine.`,
    "Install a C++ compiler (Debian: sudo apt-get install make g++).",
  );
}

/**
 * Unpacks lib/ and include/ of the wheel.
 *
 * @param {string} python
 * @param {string} file
 * @param {string} aside
 */
async function unpack(python, file, aside) {
  const script = fileURLToPath(new URL("unpack-wheel.py", import.meta.url));
  const progress = progressLine("TensorFlow: unpacking");
  const ended = await runChild(python, [script, file, aside], {
    onOutput(text) {
      const [, done, total] = /(\d+) (\d+)\s*$/.exec(text) ?? [];
      if (done !== undefined) progress.update(Number(done), Number(total), "MB");
    },
  });
  progress.end();
  if (!ended.ok) {
    throw new SetupError(
      `TensorFlow's wheel could not be unpacked (${ended.how}).\n  ${lastLines(ended.output)}`,
      "Check the free space on the disk and run the same command again.",
    );
  }
}

/**
 * Builds the binding with the package's binding.gyp. Makefiles fail on a space in a path: if the cache's path has one,
 * the binding is built in a temporary folder with links to everything else.
 *
 * @param {string} project
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 * @param {{ library: string; entry: string; aside: string }} folders `entry` is the final path of `aside`: links in it
 * are relative
 */
export async function buildBinding(project, tfjs, { library, entry, aside }) {
  say("TensorFlow: building its binding, about 15 s.");
  const parent = [aside, tmpdir()].find((folder) => !/\s/.test(folder)) ?? aside;
  const scratch = mkdtempSync(join(parent, "ectopy-build-"));
  const tidy = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  onSignal.add(tidy);
  try {
    const source = join(scratch, "source");
    for (const name of ["package.json", "binding.gyp", "binding"]) {
      cpSync(join(tfjs.folder, name), join(source, name), { recursive: true });
    }
    linkLibrary(library, join(source, "deps", "lib"), (target) => target);
    symlinkSync(join(library, "include"), join(source, "deps", "include"));
    const gyp = join(project, "node_modules", "node-gyp", "bin", "node-gyp.js");
    const out = join(source, "lib", `napi-v${tfjs.napi}`);
    const args = [
      gyp,
      "rebuild",
      "--module_name=tfjs_binding",
      `--module_path=${out}`,
      `--napi_build_version=${tfjs.napi}`,
    ];
    const headers = nodePackage(project);
    if (headers !== undefined) {
      symlinkSync(headers, join(scratch, "node"));
      args.push(`--nodedir=${join(scratch, "node")}`);
    }
    const ended = await runChild(nodePath(project), args, { cwd: source });
    const binding = join(out, "tfjs_binding.node");
    if (!ended.ok || !existsSync(binding)) {
      throw new SetupError(
        `TensorFlow's binding could not be built (${ended.how}).\n  ${lastLines(ended.output, 12)}`,
        "Install a C++ compiler with C++20 (Debian: sudo apt-get install make g++ python3).",
      );
    }
    cpSync(binding, join(aside, "lib", `napi-v${tfjs.napi}`, "tfjs_binding.node"));
    const place = join(entry, "deps", "lib");
    linkLibrary(library, join(aside, "deps", "lib"), (target) => relative(place, target));
  } finally {
    onSignal.delete(tidy);
    tidy();
  }
}

/**
 * Creates links under the names that the linker looks for (libtensorflow.so) and those that the libraries look for
 * (….so.2).
 *
 * @param {string} library
 * @param {string} folder
 * @param {(target: string) => string} written the target's path as written in the link
 */
function linkLibrary(library, folder, written) {
  mkdirSync(folder, { recursive: true });
  const links = {
    "libtensorflow.so": "libtensorflow_cc.so.2",
    "libtensorflow_cc.so.2": "libtensorflow_cc.so.2",
    "libtensorflow_framework.so": "libtensorflow_framework.so.2",
    "libtensorflow_framework.so.2": "libtensorflow_framework.so.2",
  };
  for (const [name, target] of Object.entries(links))
    symlinkSync(written(join(library, "lib", target)), join(folder, name));
}
