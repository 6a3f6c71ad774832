/**
 * R-peak detection on MIT-BIH: Ectopy beside NeuroKit2 and wfdb's XQRS, by EC57 (150 ms).
 *
 *     ECTOPY_MITDB=path/to/mitdb node bench/detector.ts [--from SECONDS] [--without-peers] [RECORD…]
 *
 * Prints a table in Markdown: missed and false beats of each record, gross sensitivity and PPV, and the CPU time of each
 * detector relative to Ectopy's. Ectopy reads all leads together, and the first lead alone, as its peers do.
 * bench/peers/python.ts says which Python runs the peers; it needs neurokit2 and wfdb.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Ec57Record } from "../src/contract/domain/ec57.ts";
import { NO_PARTNER, UNREADABLE } from "../src/contract/domain/ec57.ts";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";
import { detectRPeaks } from "../src/pipeline/detection/r-peak-detector.ts";
import { LEARNING_PERIOD_S } from "../src/contract/domain/ec57.ts";
import { compareAnnotators } from "../src/pipeline/evaluation/ec57/compare-annotators.ts";
import { summarise } from "../src/pipeline/evaluation/ec57/metrics.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";
import { peerProgram } from "./peers/python.ts";

const { values, positionals } = parseArgs({
  options: { from: { type: "string" }, "without-peers": { type: "boolean" } },
  allowPositionals: true,
});
const from = values.from === undefined ? LEARNING_PERIOD_S : Number(values.from);
const folder = process.env["ECTOPY_MITDB"];
if (folder === undefined) throw new Error("Set ECTOPY_MITDB to the folder of the MIT-BIH database.");
const all = readdirSync(folder).filter((file) => file.endsWith(".hea"));
const names = positionals.length > 0 ? positionals : all.map((file) => file.replace(/\.hea$/, "")).sort();

const ALL_LEADS = "Ectopy, all leads";
const FIRST_LEAD = "Ectopy, first lead";
const lineSchema = z.object({ record: z.string(), peer: z.string(), beats: z.array(z.int()), seconds: z.number() });

const found = values["without-peers"] === true ? [] : peersOn(folder);

const results = new Map<string, { records: Ec57Record[]; seconds: number }>();
for (const name of names) {
  const { recording, annotations } = parseRecord(loadRecord(new DiskFolder(folder), name));
  const leads = recording.signals.map(({ samples, gain, baseline }) =>
    Float32Array.from(samples, (sample) => (sample - baseline) / gain),
  );
  const own = [
    { peer: ALL_LEADS, ...timed(() => detectRPeaks(leads, recording.rate).beats) },
    { peer: FIRST_LEAD, ...timed(() => detectRPeaks(leads.slice(0, 1), recording.rate).beats) },
  ];
  for (const { peer, beats, seconds } of [...own, ...found.filter(({ record }) => record === name)]) {
    const result = results.get(peer) ?? { records: [], seconds: 0 };
    results.set(peer, result);
    result.seconds += seconds;
    const test = beats.map((sample): Annotation => ({ sample, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" }));
    const { rate, length } = recording;
    result.records.push(
      compareAnnotators({ record: name, rate, length, reference: annotations ?? [], test, from, convention: "ec57" }),
    );
  }
}

const detectors = [...results];
const row = (cells: string[]): void => console.log(`| ${cells.join(" | ")} |`);
row(["record", ...detectors.map(([name]) => `${name}: missed / false`)]);
row(["---", ...detectors.map(() => "---")]);
for (const [i, name] of names.entries()) {
  row([name, ...detectors.map(([, { records }]) => errorsOf(records[i]))]);
}
const summaries = detectors.map(([, { records }]) => summarise(records).gross);
row(["gross sensitivity", ...summaries.map(({ qrsSensitivity }) => `${qrsSensitivity?.toFixed(2)} %`)]);
row(["gross PPV", ...summaries.map(({ qrsPpv }) => `${qrsPpv?.toFixed(2)} %`)]);
const [[, ours]] = detectors;
row(["CPU time", ...detectors.map(([, { seconds }]) => `${(seconds / ours.seconds).toFixed(2)} ×`)]);

function peersOn(database: string): z.infer<typeof lineSchema>[] {
  const { python, script } = peerProgram("detect.py", ["neurokit2", "wfdb"]);
  const { status, stdout } = spawnSync(python, [script, database, ...names], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${script} ended with status ${status}.`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

function errorsOf({ counts: { matrix } }: Ec57Record): string {
  const missed = matrix.slice(0, NO_PARTNER).reduce((sum, counts) => sum + counts[NO_PARTNER] + counts[UNREADABLE], 0);
  const extra = [matrix[NO_PARTNER], matrix[UNREADABLE]].flat().reduce((sum, count) => sum + count, 0);
  return `${missed} / ${extra}`;
}

function timed(detect: () => number[]): { beats: number[]; seconds: number } {
  const before = process.cpuUsage();
  const beats = detect();
  const { user, system } = process.cpuUsage(before);
  return { beats, seconds: (user + system) / 1e6 };
}
