/** Parts that the report of a run and the report of a comparison have in common. */
import { classColour } from "../../../contract/domain/class-colours.ts";
import type { Interval } from "../../../contract/domain/evaluation.ts";
import { intervalCaveats } from "../../../contract/text/interval-text.ts";
import { TRAINED_ELSEWHERE } from "../../../contract/api/notices.ts";
import type { ClassCounts, LeftOut, PreparationSummary } from "../../../contract/domain/preparation.ts";
import type { DeviceInfo, TrainingResult } from "../../../contract/domain/training.ts";
import { describeClass } from "../../../contract/domain/class-maps.ts";
import { counted, formatDuration, formatInteger } from "../../base/numbers.ts";
import { figuresOf, words, type Block, type Cell, type Fact, type Table } from "./document.ts";
import { protocolSentence } from "./setting-words.ts";
import { references } from "./references.ts";
import { databaseOf, isOfMitBih, syntheticTested, usedRecords, type ReportRun } from "./report-run.ts";

const RECORDS_OF_MIT_BIH = 48;

/** A class with its colour. */
export function classCell(label: string): Cell {
  return { label, colour: classColour(label, false) };
}

/** What must be known before any figure is read. */
export function standing(run: ReportRun): Block[] {
  const { preparation } = run;
  return [
    { kind: "paragraph", text: protocolSentence(preparation.settings) },
    {
      kind: "list",
      items: [...preparation.summary.caveats, ...originCaveats(run), ...intervalCaveats(syntheticTested(run))],
    },
  ];
}

function originCaveats({ run }: ReportRun): string[] {
  return run.settings.importedFrom === undefined ? [] : [TRAINED_ELSEWHERE];
}

export function dataBlocks(run: ReportRun): Block[] {
  const { dataset, preparation } = run;
  const { summary } = preparation;
  return [
    {
      kind: "facts",
      rows: [
        ["Dataset", dataset.name],
        ["Fingerprint (SHA-256)", dataset.fingerprint],
        ["Records used", recordsWords(run)],
        ["Patients on both sides", sharedWords(summary)],
        ["Beats", `${formatInteger(summary.beats)} real beats kept, in ${summary.labels.length} classes`],
        ["Left out", leftOutWords(summary.leftOut)],
        ["Prepared data (SHA-256)", preparation.fingerprint],
      ],
    },
    countsTable(run),
  ];
}

function recordsWords(run: ReportRun): string {
  const used = usedRecords(run);
  const seconds = used.reduce((sum, { length, rate }) => sum + length / rate, 0);
  const of = isOfMitBih(run)
    ? `; by their names, ${run.records.length === RECORDS_OF_MIT_BIH ? "all" : run.records.length} of the ${RECORDS_OF_MIT_BIH} records of the MIT-BIH Arrhythmia Database were imported`
    : "";
  return `${used.length} of ${run.records.length}, ${formatDuration(seconds)} in all${of}`;
}

function sharedWords({ sharedRecords }: PreparationSummary): string {
  if (sharedRecords.length === 0) return "none: no record has beats in more than one part";
  const records = sharedRecords.length === 1 ? "record has" : "records have";
  return `${sharedRecords.length} ${records} beats in more than one part: ${sharedRecords.join(", ")}`;
}

function leftOutWords({ symbols, smallClasses, outsideRecord, missingSamples, records }: LeftOut): string {
  const counted = (counts: Record<string, number>, why: string): string[] => {
    const entries = Object.entries(counts).map(([name, count]) => `${formatInteger(count)} ${name}`);
    return entries.length === 0 ? [] : [`${entries.join(", ")} (${why})`];
  };
  const parts = [
    ...counted(symbols, "symbols that are no class here"),
    ...counted(smallClasses, "classes that are too small"),
    ...(outsideRecord > 0 ? [`${formatInteger(outsideRecord)} beats too near an end of their record`] : []),
    ...(missingSamples > 0 ? [`${formatInteger(missingSamples)} beats with missing samples`] : []),
    ...(records.length > 0 ? [`records ${records.join(", ")}`] : []),
  ];
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

/** Beats of each class as they were found, and in each part. Columns that would hold nothing are not there. */
function countsTable({ preparation }: ReportRun): Table {
  const { counts } = preparation.summary;
  const { classMap } = preparation.settings;
  const columns: [string, (count: ClassCounts) => number][] = [
    ["Found", ({ found }) => found],
    ["Training", ({ train }) => train],
    ["synthetic", ({ syntheticTrain }) => syntheticTrain],
    ["Validation", ({ validation }) => validation],
    ["synthetic", ({ syntheticValidation }) => syntheticValidation],
    ["Test", ({ test }) => test],
    ["synthetic", ({ syntheticTest }) => syntheticTest],
  ];
  const kept = columns.filter(([title, of]) => title !== "synthetic" || counts.some((count) => of(count) > 0));
  const rows = counts.map((count): Cell[] => [
    classCell(count.label),
    describeClass(classMap, count.label),
    ...kept.map(([, of]) => formatInteger(of(count))),
  ]);
  const sums = kept.map(([, of]) => formatInteger(counts.reduce((sum, count) => sum + of(count), 0)));
  return {
    kind: "table",
    caption:
      "Beats by class: real ones found in the recordings before balancing, and those in each part after it; of these, how many are synthetic.",
    columns: [...words("Class", "Meaning"), ...figuresOf(...kept.map(([title]) => title))],
    rows: [...rows, ["All", "", ...sums]],
    total: true,
  };
}

/** Device, versions, seed, times: what would repeat the run. */
export function computationFacts({ run, result, identity }: ReportRun): Fact[] {
  const { device } = result;
  return [
    ["Device", deviceWords(device)],
    [
      "Software",
      `Ectopy ${device.versions.ectopy}, TensorFlow ${device.versions.tensorflow} (${device.backend}), Node ${device.versions.node}`,
    ],
    ["Seed", String(run.settings.seed)],
    ["Begun and ended", `${timeWords(run.startedAt)} to ${timeWords(run.finishedAt)}`],
    ["Time", timeOfTraining(result)],
    ["Identity of the run", identity],
  ];
}

function timeOfTraining({ seconds, epochs, stoppedEarly, cancelled }: TrainingResult): string {
  if (epochs.length === 0) return `${formatDuration(seconds)}, tested only`;
  return `${formatDuration(seconds)}, ${counted(epochs.length, "epoch")}${stoppedEarly ? ", stopped early" : ""}${cancelled ? ", stopped by hand" : ""}`;
}

function deviceWords({ description, cores, gpu, memory, peakMemory }: DeviceInfo): string {
  const parts = [
    gpu === undefined ? description : `${gpu.name} (${formatInteger(gpu.memory)} MiB, driver ${gpu.driver})`,
    `${cores} processor cores`,
    ...(memory === undefined ? [] : [`${(memory / 2 ** 30).toFixed(0)} GiB of memory`]),
    ...(peakMemory === undefined ? [] : [`at most ${formatInteger(peakMemory / 1e6)} MB used`]),
  ];
  return parts.join(", ");
}

/** `2026-11-25 15:18 UTC` */
export function timeWords(iso: string | null): string {
  return iso === null ? "–" : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function referenceBlocks(runs: readonly ReportRun[]): Block[] {
  const settings = runs.map(({ preparation }) => preparation.settings);
  const cited = references({
    databases: runs.flatMap((run) => databaseOf(run) ?? []),
    interPatient: settings.some(({ protocol }) => protocol === "inter-patient"),
    aami: settings.some(({ classMap }) => classMap === "aami"),
    denoised: settings.some(({ denoising }) => denoising !== "none"),
    smote: settings.some(({ balancing }) => balancing === "smote"),
    compared: runs.length > 1,
  });
  return [{ kind: "list", items: cited }];
}

/** `82.44 (79.71–84.87)`: a share and its interval, in per cent. */
export function shareWithInterval(share: number, interval: Interval | null): string {
  if (interval === null) return "–";
  return `${percent(share)} (${percent(interval.low)}–${percent(interval.high)})`;
}

export function percent(share: number): string {
  return (100 * share).toFixed(2);
}

/** An area under a curve; none where a class, or all others, do not occur. */
export function areaWords(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(4);
}
