/**
 * Import of long and of many recordings, of a large ZIP file, and of tables of beats, in a temporary workspace.
 *
 *     node bench/recordings.ts long          a day, three leads at 128 Hz, 100,000 annotations: import and opening
 *     node bench/recordings.ts many 300      that many half-hour recordings, and a third of them
 *     node bench/recordings.ts many 2000 60  that many recordings of 60 seconds, and a third of them
 *     node bench/recordings.ts zip 10        a ZIP file of that many GB: half-hour recordings, stored uncompressed
 *     node bench/recordings.ts table         tables of 87,554 and 21,892 beats: import, preparation, one epoch
 *
 * Prints seconds and peak memory of each command, and the time of answers to the viewer. The memory is that of the
 * command's process with its worker threads.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { RecordingService } from "../src/main/services/datasets/recordings.ts";
import { openWorkspace } from "../src/main/store/workspace.ts";
import { writeBeatTable } from "../tests/support/beat-csv.ts";
import { DAY_SECONDS, RATE, writeDay, writeRecord } from "./make-record.ts";
import { measureCommand } from "./measure-command.ts";
import { median } from "./statistics.ts";

const HALF_HOUR_SECONDS = 1800;

const [kind, amount, seconds = HALF_HOUR_SECONDS] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "ectopy-recordings-"));
try {
  if (kind === "long") await long();
  else if (kind === "many" && Number(amount) >= 3) await many(Number(amount), Number(seconds));
  else if (kind === "zip" && Number(amount) > 0) await zipped(Number(amount));
  else if (kind === "table") await table();
  else {
    console.error("node bench/recordings.ts long | many RECORDINGS [SECONDS] | zip GIGABYTES | table");
    process.exitCode = 2;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function long(): Promise<void> {
  const records = join(folder, "day");
  mkdirSync(records);
  writeDay(records);
  const workspaceFolder = join(folder, "workspace");
  console.log(`Import: ${await importFrom(records, workspaceFolder)}`);

  const workspace = openWorkspace(workspaceFolder, "read", console.warn);
  const service = new RecordingService(workspace);
  const place = { dataset: workspace.datasets.list()[0].id, record: "day" };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const opening = await timed(() => service.read("envelope", place, { columns: 1600 }));
  const annotations = await timed(() => service.read("annotations", place, {}));
  const length = DAY_SECONDS * RATE;
  const stretches: number[] = [];
  for (let i = 0; i < 100; i++) {
    const from = Math.floor(((i * 37) % 100) * 0.009 * length);
    stretches.push(await timed(() => service.read("signal", place, { from, to: from + 10 * RATE })));
  }
  const rhythm = await timed(() => service.read("rhythm", place, {}));
  await service.close();
  workspace.close();
  const answers = { opening, annotations, "ten seconds (median)": median(stretches), rhythm };
  for (const [name, milliseconds] of Object.entries(answers)) console.log(`${name}: ${milliseconds.toFixed(0)} ms`);
}

async function many(count: number, seconds: number): Promise<void> {
  for (const records of [Math.round(count / 3), count]) {
    const source = join(folder, `many-${records}`);
    mkdirSync(source);
    for (let i = 0; i < records; i++) {
      writeRecord(source, `r${i}`, { leads: 2, seconds, beats: Math.ceil((7 * seconds) / 6) });
    }
    console.log(`${records} recordings: ${await importFrom(source, join(folder, `workspace-${records}`))}`);
    rmSync(source, { recursive: true });
  }
}

async function zipped(gigabytes: number): Promise<void> {
  const source = join(folder, "recordings");
  mkdirSync(source);
  const records = Math.round((gigabytes * 1e9) / (HALF_HOUR_SECONDS * RATE * 2 * 2));
  for (let i = 0; i < records; i++) halfHour(source, i);
  await promisify(execFile)("zip", ["-0", "-q", "-r", join(folder, "recordings.zip"), "recordings"], { cwd: folder });
  rmSync(source, { recursive: true });
  console.log(`${gigabytes} GB: ${await importFrom(join(folder, "recordings.zip"), join(folder, "workspace"))}`);
}

function halfHour(into: string, number: number): void {
  writeRecord(into, `r${number}`, { leads: 2, seconds: HALF_HOUR_SECONDS, beats: 2_100 });
}

/** Tables of the size and the form of Kaggle's MIT-BIH heartbeat set, with invented beats. */
async function table(): Promise<void> {
  const source = join(folder, "tables");
  mkdirSync(source);
  writeBeatTable(join(source, "mitbih_train.csv"), { 0: 72_471, 1: 2_223, 2: 5_788, 3: 641, 4: 6_431 });
  writeBeatTable(join(source, "mitbih_test.csv"), { 0: 18_118, 1: 556, 2: 1_448, 3: 162, 4: 1_608 });
  const workspace = join(folder, "workspace");
  console.log(`Import: ${await importFrom(source, workspace)}`);
  console.log(`Preparation: ${await measureCommand(workspace, ["prepare", "1"])}`);
  console.log(`Training: ${await measureCommand(workspace, ["train", "1", "--model", "cnn", "--epochs", "1"])}`);
}

function importFrom(path: string, workspace: string): Promise<string> {
  return measureCommand(workspace, ["import", path]);
}
