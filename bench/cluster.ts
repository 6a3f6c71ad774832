/**
 * Overhead of cluster workers: many short runs over several workers on this machine, against the training time that the
 * runs report (start of Node, import of modules, claims, signs of life, syncs).
 *
 *     node bench/cluster.ts --runs 100 --workers 4 --epochs 2000
 *
 * Prints wall time and processor time, and the load of the machine: on a loaded one, compare the processor time.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clusterResultSchema, readClusterFile, RESULT_FILE, runFolder } from "../src/main/cluster/cluster-files.ts";
import { writeClusterFolder } from "../src/main/cluster/write-cluster-folder.ts";
import { formatDuration } from "../src/contract/text/format-number.ts";
import { tinyPreparation, tinySettings, writeTinyPreparation } from "../tests/support/tiny-training.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    workers: { type: "string", default: "4" },
    epochs: { type: "string", default: "2000" },
  },
});
const [runs, workers, epochs] = [values.runs, values.workers, values.epochs].map(Number);
const entry = join(import.meta.dirname, "../src/main/cli/ectopy.ts");

interface Ended {
  seconds: number;
  /** Of the worker and its training processes, in seconds. */
  processor: number;
}

/** Runs a worker in a shell, whose `times` has the processor time of all its descendants. */
function work(shared: string): Promise<Ended> {
  const began = performance.now();
  const script = 'trap "" TERM; "$0" "$1" worker "$2" >/dev/null 2>&1; times';
  const child = spawn("bash", ["-c", script, process.execPath, entry, shared], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve) =>
    child.on("close", () => {
      const [, children = ""] = output.trim().split("\n");
      const processor = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
        (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
        0,
      );
      resolve({ seconds: (performance.now() - began) / 1000, processor });
    }),
  );
}

/** @returns seconds that the runs have trained, and the workers' times */
async function measure(count: number, perRun: number): Promise<{ trained: number; ended: Ended[] }> {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-bench-cluster-"));
  try {
    const preparationFolder = join(folder, "preparation");
    mkdirSync(preparationFolder);
    const fingerprint = writeTinyPreparation(preparationFolder, tinyPreparation());
    const shared = join(folder, "shared");
    const settings = tinySettings("ann", { threads: 1, backend: "kernels", epochs: perRun, patience: 0 });
    const plans = Array.from({ length: count }, (_, seed) => ({
      settings: { ...settings, seed },
      preparation: 1,
      fingerprint,
      preparationFolder,
    }));
    await writeClusterFolder(shared, { experiment: 1, runs: plans });
    const ended = await Promise.all(Array.from({ length: workers }, () => work(shared)));
    const trained = plans.reduce(
      (sum, _, i) =>
        sum + readClusterFile(join(runFolder(shared, i + 1), RESULT_FILE), clusterResultSchema)!.result.seconds,
      0,
    );
    return { trained, ended };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const total = (ended: readonly Ended[], of: keyof Ended): number => ended.reduce((sum, each) => sum + each[of], 0);

const before = loadavg()[0];
const { trained, ended } = await measure(runs, epochs);
const overhead = total(ended, "seconds") - trained;
console.log(
  `${runs} runs of ${epochs} epochs over ${workers} workers; load before ${before.toFixed(1)}, after ${loadavg()[0].toFixed(1)}`,
);
console.log(
  `trained: ${formatDuration(trained)} (${(trained / runs).toFixed(2)} s each); workers: ${formatDuration(total(ended, "seconds"))}`,
);
console.log(
  `overhead: ${((100 * overhead) / trained).toFixed(1)} % of the training time, ${(overhead / runs).toFixed(2)} s for each run`,
);
console.log(
  `processor time: ${formatDuration(total(ended, "processor"))}, ${(total(ended, "processor") / runs).toFixed(2)} s for each run`,
);
