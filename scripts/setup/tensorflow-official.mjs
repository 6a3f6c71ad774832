/**
 * TensorFlow by the package's installer: libtensorflow and a prebuilt binding from the storage that the package names.
 *
 * The installer writes into its package, so a copy of its files runs in the cache. A setting makes it install the build for
 * processors: its build for GPUs needs CUDA 11.2, which NVIDIA's current drivers come without (cuda.mjs).
 */
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { bytesIn, makeEntry, needSpace } from "./cache.mjs";
import { lastLines, runChild } from "./child.mjs";
import { nodePackage, nodePath } from "./node.mjs";
import { findProgram } from "./programs.mjs";
import { progressLine, say, SetupError, whileWatching } from "./report.mjs";

const probeMilliseconds = 5_000;
const stallMilliseconds = 90_000;

/** Unpacked size in MB, for the progress; the installer does not report it. */
const UNPACKED = 400;

const fix = "Check the network connection, and a proxy (HTTPS_PROXY) if there is one.";

/** @type {import("./tensorflow.mjs").Way} */
export const official = {
  name: "official",

  fits() {
    const machine = `${process.platform}-${process.arch}`;
    return ["linux-x64", "win32-x64", "darwin-x64", "darwin-arm64"].includes(machine);
  },

  key(tfjs) {
    return `${tfjs.version}-official-cpu-${process.platform}-${process.arch}-napi${tfjs.napi}`;
  },

  async make(project, tfjs, entry) {
    const unreachable = (await Promise.all(hosts(tfjs).map(unreachableHost))).find((why) => why !== undefined);
    if (unreachable !== undefined)
      throw new SetupError(`The package's storage can't be reached (${unreachable}).`, fix);
    needSpace(entry, 2 * UNPACKED, "Installing TensorFlow");
    say("TensorFlow: running the package's installer (processor build).");
    await makeEntry(entry, (aside) => install(project, tfjs, aside));
  },
};

/**
 * Returns the hosts that the installer downloads from, read from its sources and the variables that it honours.
 *
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 * @returns {string[]} addresses
 */
function hosts(tfjs) {
  const script = readFileSync(join(tfjs.folder, "scripts", "install.js"), "utf8");
  const library =
    process.env.TFJS_NODE_BASE_URI ??
    process.env.TFJS_NODE_CDN_STORAGE ??
    process.env.CDN_STORAGE ??
    firstAddress(script);
  const { binary } = JSON.parse(readFileSync(join(tfjs.folder, "package.json"), "utf8"));
  const binding = process.env.npm_config_tfjs_binding_binary_host_mirror ?? binary.host;
  return [
    ...new Set([library, binding].filter((address) => address !== undefined).map((address) => new URL(address).origin)),
  ];
}

/** @param {string} script */
function firstAddress(script) {
  return /BASE_HOST\s*=[^;]*?'(https?:\/\/[^']+)'/.exec(script)?.[1];
}

/**
 * Accepts any answer; the installer checks the rest. Behind a proxy only the installer can connect, so no request is
 * made.
 *
 * @param {string} origin
 * @returns {Promise<string | undefined>} why it can't be reached
 */
async function unreachableHost(origin) {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  if (HTTPS_PROXY || https_proxy || HTTP_PROXY || http_proxy || !origin.startsWith("https:")) return undefined;
  // Loaded here, since loading it takes longer than all checks of a start together.
  const { request } = await import("node:https");
  return new Promise((resolve) => {
    const head = request(origin, { method: "HEAD" }, (response) => {
      response.resume();
      done(undefined);
    });
    const timer = setTimeout(() => done(`no answer in ${probeMilliseconds / 1000} s`), probeMilliseconds);
    const done = (/** @type {string | undefined} */ why) => {
      clearTimeout(timer);
      head.destroy();
      resolve(why);
    };
    head.on("error", (error) => done(/** @type {NodeJS.ErrnoException} */ (error).code ?? error.message));
    head.end();
  });
}

/**
 * @param {string} project
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 * @param {string} aside
 */
async function install(project, tfjs, aside) {
  for (const name of ["package.json", "binding.gyp", "binding", "scripts"]) {
    cpSync(join(tfjs.folder, name), join(aside, name), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), join(aside, "node_modules"), "junction");
  useProcessorBinding(tfjs, aside);

  const before = bytesIn(aside);
  const total = UNPACKED;
  const progress = progressLine("TensorFlow: downloading and unpacking, about");
  let seen = before;
  let grewAt = Date.now();
  const headers = nodePackage(project);
  const ended = await whileWatching(
    () => {
      const now = bytesIn(aside);
      if (now !== seen) grewAt = Date.now();
      seen = now;
      progress.update(Math.round((now - before) / 1e6), total, "MB");
    },
    runChild(nodePath(project), [join("scripts", "install.js"), "cpu", "download"], {
      cwd: aside,
      env: {
        ...process.env,
        PATH: [join(project, "node_modules", ".bin"), process.env.PATH].join(delimiter),
        ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
      },
      giveUp: () =>
        Date.now() - grewAt > stallMilliseconds ? `nothing came for ${stallMilliseconds / 1000} s` : undefined,
    }),
  );
  progress.end();
  const folder = join(aside, "lib", `napi-v${tfjs.napi}`);
  if (!ended.ok || !existsSync(join(folder, "tfjs_binding.node"))) {
    throw new SetupError(`The package's installer failed (${ended.how}).\n  ${lastLines(ended.output)}`, fix);
  }
  if (process.platform === "win32") {
    // The installer writes the library into the folder of the newest Node-API level, not beside the binding.
    cpSync(join(aside, "deps", "lib", "tensorflow.dll"), join(folder, "tensorflow.dll"));
  }
  for (const name of readdirSync(aside)) {
    if (name !== "deps" && name !== "lib") rmSync(join(aside, name), { recursive: true, force: true });
  }
}

/**
 * The GPU package would download the GPU build's binding; its setting for custom binaries names the CPU build's
 * instead.
 *
 * @param {import("./tfjs-package.mjs").Tfjs} tfjs
 * @param {string} aside
 */
function useProcessorBinding(tfjs, aside) {
  const constants = createRequire(import.meta.url)(join(aside, "scripts", "deps-constants.js"));
  const name = `CPU-${constants.PLATFORM_MAPPING[process.platform]}-${tfjs.version}.${constants.PLATFORM_EXTENSION}`;
  writeFileSync(join(aside, "scripts", "custom-binary.json"), JSON.stringify({ addon: { package_name: name } }));
}
