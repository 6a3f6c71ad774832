/**
 * Classification of a half-hour and of a day's recording by a trained run, as `ectopy classify` does it.
 *
 *     node bench/classify.ts
 *
 * The recordings repeat a sample recording (two leads, 360 Hz). Runs: the ANN, whose beats are filtered one by one, and Rhythm
 * and shape. Prints the seconds of the command, those of its start alone, and the peak memory of all its processes together.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { RecordingService } from "../src/main/services/datasets/recordings.ts";
import { openWorkspace } from "../src/main/store/workspace.ts";
import { writeAnnotations } from "../src/pipeline/recordings/wfdb/annotations.ts";
import { measureCommand } from "./measure-command.ts";

const HALF_HOUR_SECONDS = 1800;
const DAY_SECONDS = 86_400;
const GAIN = 200;

const folder = mkdtempSync(join(tmpdir(), "ectopy-classify-"));
const workspace = join(folder, "workspace");
try {
  await run(["sample"]);
  await run(["prepare", "1"]);
  await run(["train", "1", "--model", "ann", "--epochs", "2", "--threads", "1"]);
  await run(["prepare", "1", "--preset", "rhythm-and-shape", "--protocol", "cross-validation", "--fold", "1/4"]);
  await run(["train", "2", "--model", "rhythm-and-shape", "--threads", "1"]);
  for (const [i, seconds] of [HALF_HOUR_SECONDS, DAY_SECONDS].entries()) {
    const records = join(folder, `records-${seconds}`);
    mkdirSync(records);
    await writeRepeated(records, seconds);
    await run(["import", records]);
    for (const [runNumber, name] of [
      ["1", "ANN"],
      ["2", "Rhythm and shape"],
    ]) {
      const measured = await run(["classify", runNumber, String(i + 2)]);
      console.log(`${seconds / 3600} h by ${name}: ${measured}`);
    }
  }
  console.log(`Start of a command alone: ${await run(["runs"])}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes a WFDB record that repeats the first sample recording. */
async function writeRepeated(into: string, seconds: number): Promise<void> {
  const opened = openWorkspace(workspace, "read", console.warn);
  const service = new RecordingService(opened);
  const [{ name: record, length, rate, leads }] = opened.datasets.records(1);
  const place = { dataset: 1, record };
  const { signals } = await service.read("signal", place, { from: 0, to: length });
  const { samples, symbols, beats } = await service.read("annotations", place, {});
  await service.close();
  opened.close();
  const once = Int16Array.from({ length: length * leads.length }, (_, i) =>
    Math.round(GAIN * signals[i % leads.length][Math.floor(i / leads.length)]),
  );
  const repeats = Math.ceil((seconds * rate) / length);
  const all = new Int16Array(once.length * repeats);
  for (let i = 0; i < repeats; i++) all.set(once, i * once.length);
  const annotations: Annotation[] = [];
  for (let i = 0; i < repeats; i++) {
    samples.forEach((sample, k) => {
      if (beats[k] === 1) {
        annotations.push({ sample: sample + i * length, symbol: symbols[k], subtype: 0, channel: 0, num: 0, aux: "" });
      }
    });
  }
  const lines = leads.map((lead) => `long.dat 16 ${GAIN}(0)/mV 16 0 0 0 0 ${lead}`);
  writeFileSync(join(into, "long.dat"), all);
  writeFileSync(join(into, "long.hea"), [`long ${leads.length} ${rate} ${length * repeats}`, ...lines, ""].join("\n"));
  writeFileSync(join(into, "long.atr"), writeAnnotations(annotations));
}

/** Runs a command. @returns its seconds and the peak memory of its processes, as text */
function run(command: readonly string[]): Promise<string> {
  return measureCommand(workspace, command, { children: true });
}
