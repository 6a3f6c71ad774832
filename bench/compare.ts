/**
 * Ectopy and its peers turn about on the same machine, and the ratios between them.
 *
 *   node bench/compare.ts train  PEER_SCRIPT [ROUNDS] [NETWORK…]     peers: Keras and PyTorch
 *   node bench/compare.ts prepare PEER_SCRIPT MITDB_FOLDER [ROUNDS]  peer: wfdb, PyWavelets, imbalanced-learn
 *
 * PEER_SCRIPT prints the JSON lines that `ectopy bench train|prepare --json` prints. ECTOPY_PEERS names a Python that has
 * the peers' packages. Each round runs every side once; medians over the rounds are compared.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.ts";

const [what, script, ...rest] = process.argv.slice(2);
const python = process.env["ECTOPY_PEERS"] ?? "python3";
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

function run<Line>(program: string, args: readonly string[]): Line[] {
  const output = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  // One document, or one a line.
  const documents = output.trim().startsWith("{\n") ? [output] : output.trim().split("\n");
  return documents.map((line) => JSON.parse(line) as Line);
}

function compareTraining(): void {
  const rounds = Number(rest[0] ?? 5);
  const networks = rest.length > 1 ? rest.slice(1) : ["ann", "cnn", "lstm"];
  const times = new Map<string, number[]>();
  const note = ({ peer, model, ms_per_step }: StepLine): void => {
    const key = `${model} ${peer}`;
    times.set(key, [...(times.get(key) ?? []), ms_per_step]);
  };
  for (let round = 0; round < rounds; round++) {
    for (const network of networks) {
      for (const peer of ["keras", "torch"]) run<StepLine>(python, [script, peer, network]).forEach(note);
      run<StepLine>(process.execPath, [cli, "bench", "train", network, "--json"]).forEach(note);
      process.stderr.write(`round ${round + 1} of ${rounds}: ${network}\n`);
    }
  }
  console.log("network  keras ms  torch ms  ectopy ms  against the faster peer");
  for (const network of networks) {
    const [keras, torch, ectopy] = ["keras", "torch", "ectopy"].map((peer) => median(times.get(`${network} ${peer}`)!));
    const figures = [keras, torch, ectopy].map((ms) => ms.toFixed(ms < 10 ? 2 : 1).padStart(8));
    console.log(`${network.padEnd(7)}  ${figures.join("  ")}   ${(Math.min(keras, torch) / ectopy).toFixed(2)}×`);
  }
}

function comparePreparation(): void {
  const [folder, rounds = "3"] = rest;
  const sides = { peer: [] as PreparationLine[], ectopy: [] as PreparationLine[] };
  for (let round = 0; round < Number(rounds); round++) {
    sides.peer.push(...run<PreparationLine>(python, [script, folder]));
    sides.ectopy.push(...run<PreparationLine>(process.execPath, [cli, "bench", "prepare", folder, "--json"]));
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const seconds = (lines: PreparationLine[]): number => median(lines.map((line) => line.seconds.total));
  const peak = (lines: PreparationLine[]): number => Math.max(...lines.map((line) => line.peak_mb));
  const { peer, ectopy } = sides;
  console.log(`Python  ${seconds(peer).toFixed(2)} s  ${peak(peer)} MB`);
  console.log(`Ectopy  ${seconds(ectopy).toFixed(2)} s  ${peak(ectopy)} MB`);
  console.log(
    `${(seconds(peer) / seconds(ectopy)).toFixed(1)} times as fast, in 1/${(peak(peer) / peak(ectopy)).toFixed(1)} of the memory`,
  );
}

if (script === undefined || (what !== "train" && what !== "prepare")) {
  console.error("usage: node bench/compare.ts train|prepare PEER_SCRIPT …   (see the head of the file)");
  process.exitCode = 2;
} else if (what === "train") {
  compareTraining();
} else {
  comparePreparation();
}
