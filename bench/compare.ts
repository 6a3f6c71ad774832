/**
 * Runs Ectopy and its peers alternately on this machine and prints the ratios between them.
 *
 *   node bench/compare.ts train [ROUNDS] [NETWORK…]            peers: Keras and PyTorch (bench/peers/train.py);
 *                                                              Ectopy by its fastest backend, and by WebAssembly
 *   ECTOPY_MITDB=FOLDER node bench/compare.ts prepare [ROUNDS] peer: wfdb, PyWavelets, imbalanced-learn (bench/peers/prepare.py)
 *
 * Each round runs every side once; medians over the rounds are compared. bench/peers/python.ts says which Python runs
 * the peers.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { peerProgram } from "./peers/python.ts";
import { median } from "./statistics.ts";

const DEFAULT_TRAIN_ROUNDS = 5;
const DEFAULT_PREPARE_ROUNDS = 3;
const cli = fileURLToPath(new URL("../src/main/cli/ectopy.ts", import.meta.url));

interface StepLine {
  peer: string;
  model: string;
  ms_per_step: number;
}
interface PreparationLine {
  beats: number;
  balanced: number;
  seconds: { total: number };
  peak_mb: number;
}

/**
 * Returns the JSON documents that a program prints: one, or one on each line.
 * @throws Error with its messages where it fails
 */
function run<Line>(program: string, args: readonly string[]): Line[] {
  const output = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const documents = output.trim().startsWith("{\n") ? [output] : output.trim().split("\n");
  return documents.map((line) => JSON.parse(line) as Line);
}

function compareTraining(rounds: number, networks: readonly string[]): void {
  const { python, script } = peerProgram("train.py", ["keras", "torch"]);
  const times = new Map<string, number[]>();
  const note = ({ peer, model, ms_per_step }: StepLine): void => {
    const key = `${model} ${peer}`;
    times.set(key, [...(times.get(key) ?? []), ms_per_step]);
  };
  for (let round = 0; round < rounds; round++) {
    for (const network of networks) {
      for (const peer of ["keras", "torch"]) run<StepLine>(python, [script, peer, network]).forEach(note);
      for (const backend of ["auto", "webassembly"]) {
        const lines = run<StepLine>(process.execPath, [cli, "bench", "train", network, "--backend", backend, "--json"]);
        lines.forEach((line) => note({ ...line, peer: backend === "auto" ? line.peer : backend }));
      }
      process.stderr.write(`round ${round + 1} of ${rounds}: ${network}\n`);
    }
  }
  console.log("network  keras ms  torch ms  ectopy ms  wasm ms   against the faster peer: ectopy, WebAssembly");
  for (const network of networks) {
    const sides = ["keras", "torch", "ectopy", "webassembly"].map((peer) => median(times.get(`${network} ${peer}`)!));
    const [keras, torch, ...ours] = sides;
    const columns = sides.map((ms) => ms.toFixed(ms < 10 ? 2 : 1).padStart(8));
    const ratios = ours.map((ms) => `${(Math.min(keras, torch) / ms).toFixed(2)}×`);
    console.log(`${network.padEnd(7)}  ${columns.join("  ")}   ${ratios.join(", ")}`);
  }
}

function comparePreparation(rounds: number, folder: string): void {
  const { python, script } = peerProgram("prepare.py", ["wfdb", "pywt", "imblearn", "sklearn"]);
  const sides = { peer: [] as PreparationLine[], ectopy: [] as PreparationLine[] };
  for (let round = 0; round < rounds; round++) {
    sides.peer.push(...run<PreparationLine>(python, [script, folder]));
    sides.ectopy.push(...run<PreparationLine>(process.execPath, [cli, "bench", "prepare", folder, "--json"]));
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const seconds = (lines: PreparationLine[]): number => median(lines.map((line) => line.seconds.total));
  const peak = (lines: PreparationLine[]): number => Math.max(...lines.map((line) => line.peak_mb));
  const { peer, ectopy } = sides;
  const [peerBeats, ectopyBeats] = [peer, ectopy].map((lines) => lines[0].balanced);
  if (peerBeats !== ectopyBeats)
    throw new Error(`Balanced beats differ: ${peerBeats} (peer), ${ectopyBeats} (Ectopy).`);
  console.log(`Python  ${seconds(peer).toFixed(2)} s  ${peak(peer)} MB`);
  console.log(`Ectopy  ${seconds(ectopy).toFixed(2)} s  ${peak(ectopy)} MB`);
  console.log(
    `${(seconds(peer) / seconds(ectopy)).toFixed(1)} times as fast, in 1/${(peak(peer) / peak(ectopy)).toFixed(1)} of the memory`,
  );
}

const [side, rounds, ...networks] = process.argv.slice(2);
const folder = process.env["ECTOPY_MITDB"];
if (side === "train") {
  compareTraining(Number(rounds ?? DEFAULT_TRAIN_ROUNDS), networks.length > 0 ? networks : ["ann", "cnn", "lstm"]);
} else if (side === "prepare" && folder !== undefined) {
  comparePreparation(Number(rounds ?? DEFAULT_PREPARE_ROUNDS), folder);
} else {
  console.error(
    "usage: node bench/compare.ts train [ROUNDS] [NETWORK…]\n       ECTOPY_MITDB=FOLDER node bench/compare.ts prepare [ROUNDS]",
  );
  process.exitCode = 2;
}
