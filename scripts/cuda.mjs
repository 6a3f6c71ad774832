/**
 * TensorFlow for an NVIDIA GPU (x64 Linux): `ectopy device --install cuda` runs `cuda install`, which states the size of
 * the download and asks before it begins; `--yes` answers. `cuda remove` removes everything again. `cuda state` prints
 * whether it is installed, as JSON.
 */
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { Network } from "../src/main/base/network/network.ts";
import { endChildrenOnSignal } from "./setup/child.mjs";
import { cudaLibrary, fetchCuda, listCudaWheels, removeCuda, UNPACKED_RATIO } from "./setup/cuda-library.mjs";
import { linkCuda, unlinkCuda } from "./setup/cuda.mjs";
import { needCompiler } from "./setup/tensorflow-wheel.mjs";
import { say, SetupError } from "./setup/report.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const [action, ...options] = process.argv.slice(2);

try {
  if (action === "install") await install();
  else if (action === "remove") remove();
  else if (action === "state") console.log(JSON.stringify({ isInstalled: cudaLibrary(project) !== undefined }));
  else
    throw new SetupError(`Unknown action "${action ?? ""}".`, "Write `cuda install`, `cuda remove` or `cuda state`.");
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  say(error.fix);
  process.exitCode = 1;
}

async function install() {
  const names = nvidiaGpus();
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetupError(
      "NVIDIA GPUs train by TensorFlow on x64 Linux only.",
      "Elsewhere, they train by WebGPU: `ectopy device` lists the backends.",
    );
  }
  if (names.length === 0) {
    throw new SetupError(
      "No NVIDIA GPU was found: nvidia-smi is missing, or lists none.",
      "Install NVIDIA's driver, then run the same command again.",
    );
  }
  say(`NVIDIA GPU: ${names.join(", ")}.`);
  if (cudaLibrary(project) === undefined) {
    const { fetch } = new Network();
    const wheels = await listCudaWheels(fetch);
    const gigabytes = wheels.reduce((sum, { size }) => sum + size, 0) / 1e9;
    const onDisk = (UNPACKED_RATIO * gigabytes).toFixed(1);
    say(`TensorFlow and NVIDIA's libraries: ${gigabytes.toFixed(2)} GB to download, about ${onDisk} GB on disk.`);
    if (!(await agrees("Download and install them?"))) return say("Nothing was downloaded.");
    await needCompiler();
    const restore = endChildrenOnSignal();
    await fetchCuda(project, wheels, fetch);
    restore();
  }
  await linkCuda(project);
}

function remove() {
  unlinkCuda(project);
  say(removeCuda(project) ? "TensorFlow for NVIDIA GPUs was removed." : "It is not installed.");
}

/** Returns the names of the GPUs that NVIDIA's driver lists. */
function nvidiaGpus() {
  try {
    const query = ["--query-gpu=name", "--format=csv,noheader"];
    const list = execFileSync("nvidia-smi", query, {
      encoding: "utf8",
      timeout: 10_000,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return list.split("\n").filter((name) => name.trim() !== "");
  } catch {
    return [];
  }
}

/** Asks on the terminal. Without one, only `--yes` agrees. @param {string} question */
async function agrees(question) {
  if (options.includes("--yes")) return true;
  if (!process.stdin.isTTY) {
    say("Run it in a terminal, or add --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
