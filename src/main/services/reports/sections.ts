/** Blocks that the report of a run and the report of a comparison share. */
import { exclusionTexts } from "../../../contract/domain/label-choice.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { classColour } from "../../../contract/domain/class-colours.ts";
import type { Interval } from "../../../contract/domain/evaluation.ts";
import { intervalCaveats } from "../../../contract/text/interval-text.ts";
import { lookText } from "../../../contract/text/look-text.ts";
import { originText } from "../../../contract/api/model-origin.ts";
import { preparationTitle } from "../../../contract/domain/names.ts";
import type { ClassCounts, LeftOut, PreparationSummary } from "../../../contract/domain/preparation.ts";
import { backendText, type DeviceInfo, type TrainingResult } from "../../../contract/domain/training.ts";
import { describeClass } from "../../../contract/domain/class-maps.ts";
import { counted, formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import { numberColumns, textColumns, type Block, type Cell, type Fact, type Table } from "./document.ts";
import { protocolSentence } from "./protocol-sentence.ts";
import { references } from "./references.ts";
import { databaseOf, isOfMitBih, syntheticTested, usedRecords, type ReportRun } from "./report-run.ts";

const RECORDS_OF_MIT_BIH = 48;

/** A class with its colour. */
export function classCell(label: string): Cell {
  return { label, colour: classColour(label, false) };
}

/** Returns the protocol and the limitations, which precede all metrics. */
export function limitationsOf(run: ReportRun): Block[] {
  const { preparation, looks } = run;
  return [
    { kind: "paragraph", text: protocolSentence(preparation.settings, preparation.summary.patientsKnown) },
    {
      kind: "list",
      items: [
        ...preparation.summary.caveats,
        ...originText(run.run.settings),
        ...(looks === null ? [] : [lookText(looks)]),
        ...intervalCaveats(syntheticTested(run)),
      ],
    },
  ];
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
        ...(run.preparation.settings.rowSamples === undefined ? recordFacts(run) : tableFacts(run)),
        ["Beats", `${formatInteger(summary.beats)} real beats in ${summary.labels.length} classes`],
        ["Excluded", leftOutText(summary.leftOut)],
        ["Preparation", preparationTitle(preparation)],
        ["Preparation (SHA-256)", preparation.fingerprint],
      ],
    },
    countsTable(run),
  ];
}

function recordFacts(run: ReportRun): Fact[] {
  return [
    ["Recordings used", recordsText(run)],
    ["Patients in several sets", sharedText(run.preparation.summary)],
  ];
}

function tableFacts(run: ReportRun): Fact[] {
  return [
    [
      "Tables used",
      usedRecords(run)
        .map(({ name }) => name)
        .join(", "),
    ],
    ["Patients in several sets", "unknown: the tables name no patients"],
  ];
}

function recordsText(run: ReportRun): string {
  const used = usedRecords(run);
  const seconds = used.reduce((sum, { length, rate }) => sum + length / rate, 0);
  const of = isOfMitBih(run)
    ? `; by their names, ${run.records.length === RECORDS_OF_MIT_BIH ? "all" : run.records.length} of the ${RECORDS_OF_MIT_BIH} recordings of the MIT-BIH Arrhythmia Database`
    : "";
  return `${used.length} of ${run.records.length}, ${formatDuration(seconds)} in total${of}`;
}

function sharedText({ sharedRecords }: PreparationSummary): string {
  if (sharedRecords.length === 0) return "none: no recording has beats in more than one set";
  const records = sharedRecords.length === 1 ? "recording has" : "recordings have";
  return `${sharedRecords.length} ${records} beats in more than one set: ${sharedRecords.join(", ")}`;
}

function leftOutText({ symbols, smallClasses, outsideRecord, missingSamples, records, ...others }: LeftOut): string {
  const counted = (counts: Record<string, number>, why: string): string[] => {
    const entries = Object.entries(counts).map(([name, count]) => `${formatInteger(count)} ${name}`);
    return entries.length === 0 ? [] : [`${entries.join(", ")} (${why})`];
  };
  const parts = [
    ...counted(symbols, "symbols in no class"),
    ...counted(smallClasses, "classes below the minimum"),
    ...(outsideRecord > 0 ? [`${formatInteger(outsideRecord)} beats without a full window`] : []),
    ...(missingSamples > 0 ? [`${formatInteger(missingSamples)} beats with missing samples`] : []),
    ...exclusionTexts({ unreviewed: others.unreviewed, noise: others.noise }),
    ...(records.length > 0 ? [`recordings ${records.join(", ")}`] : []),
  ];
  return parts.length === 0 ? "none" : parts.join("; ");
}

/** Returns the beats of each class, as found and in each set; columns of zeros are left out. */
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
      "Class distribution: real beats in the recordings before balancing, and beats in each set after balancing, with the synthetic beats among them.",
    columns: [...textColumns("Class", "Meaning"), ...numberColumns(...kept.map(([title]) => title))],
    rows: [...rows, ["All", "", ...sums]],
    total: true,
  };
}

/** Returns what is needed to repeat the run: device, versions, seed, times. */
export function computationFacts({ run, result, identity }: ReportRun): Fact[] {
  const { device } = result;
  return [
    ["Device", deviceText(device)],
    ["Software", `Ectopy ${device.versions.ectopy}, ${backendText(device)}, Node ${device.versions.node}`],
    ["Seed", String(run.settings.seed)],
    ["Started and ended", `${timeText(run.startedAt)} to ${timeText(run.finishedAt)}`],
    ["Training time", timeOfTraining(result)],
    ["Run identity", identity],
  ];
}

function timeOfTraining({ seconds, epochs, stoppedEarly, cancelled }: TrainingResult): string {
  if (epochs.length === 0) return `${formatDuration(seconds)}, tested only`;
  return `${formatDuration(seconds)}, ${counted(epochs.length, "epoch")}${stoppedEarly ? ", stopped early" : ""}${cancelled ? ", stopped by the user" : ""}`;
}

function deviceText({ description, cores, gpu, memory, peakMemory }: DeviceInfo): string {
  const parts = [
    gpu === undefined ? description : `${gpu.name} (${formatInteger(gpu.memory)} MiB, driver ${gpu.driver})`,
    `${cores} processor cores`,
    ...(memory === undefined ? [] : [`${(memory / 2 ** 30).toFixed(0)} GiB of memory`]),
    ...(peakMemory === undefined ? [] : [`peak memory ${formatInteger(peakMemory / 1e6)} MB`]),
  ];
  return parts.join(", ");
}

/** `2026-11-25 15:18 UTC` */
export function timeText(iso: string | null): string {
  return iso === null ? "–" : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function referenceBlocks(runs: readonly ReportRun[]): Block[] {
  const settings = runs.map(({ preparation }) => preparation.settings);
  const cited = references({
    databases: runs.flatMap((run) => databaseOf(run) ?? []),
    interPatient: settings.some(({ protocol }) => protocol === "inter-patient"),
    aami: settings.some(({ classMap }) => classMap === "aami" || classMap === "ec57"),
    denoised: settings.some(({ denoising }) => denoising !== "none"),
    smote: settings.some(({ balancing }) => balancing === "smote"),
    compared: runs.length > 1,
  });
  return [{ kind: "list", items: cited }];
}

/** Formats a share and its confidence interval: `82.44 % (79.71–84.87 %)`. */
export function shareWithInterval(share: number, interval: Interval | null): string {
  return interval === null ? "–" : `${formatMetric(share)} (${intervalText(interval)})`;
}

/** Formats a confidence interval of a share: `79.71–84.87 %`. */
export function intervalText(interval: Interval | null): string {
  return interval === null ? "–" : `${(100 * interval.low).toFixed(2)}–${formatMetric(interval.high)}`;
}
