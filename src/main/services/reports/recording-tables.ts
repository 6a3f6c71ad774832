/** Tables of a recording's report, for spreadsheets and statistics programs. */
import { classLabel } from "../../../contract/domain/class-maps.ts";
import { ectopicOrigins, reportClasses } from "../../../contract/domain/recording-report.ts";
import type { RecordingReport } from "../../../contract/domain/reported-recording.ts";
import type { AnnotationColumns } from "../../../contract/domain/viewing.ts";
import { recordingTime } from "../../../contract/text/format-clock.ts";
import { candidateText, extremeNames } from "../../../contract/domain/recording-report-text.ts";
import { float32, type CsvCell } from "../../base/csv.ts";
import type { CsvTable } from "./csv-tables.ts";

/** Returns each table by the name of its file. */
export function recordingTables(report: RecordingReport, annotations: AnnotationColumns): Record<string, CsvTable> {
  return {
    summary: summaryTable(report),
    hours: hoursTable(report),
    rhythms: rhythmTable(report),
    strips: stripTable(report),
    overruled: overruledTable(report),
    "heart-rate": trendTable(report),
    "rr-histogram": histogramTable(report),
    beats: beatTable(report, annotations),
  };
}

function summaryTable({ record, dataset, set, statistics }: RecordingReport): CsvTable {
  const { heartbeats, classes, heartRate, ectopy, pauses, variability, settings } = statistics;
  const rows: CsvCell[][] = [
    ["recording", record, ""],
    ["dataset", dataset.name, ""],
    ["annotation_set", set.name, ""],
    ["origin", set.origin, ""],
    ["duration", statistics.length / statistics.rate, "s"],
    ["starts_at", statistics.startsAt, ""],
    ["class_map", settings.classMap, ""],
    ["heartbeats", heartbeats, "beats"],
    ...reportClasses.map((label, number) => [`beats_${label}`, classes[number], "beats"]),
    ["heart_rate_mean", heartRate.mean, "bpm"],
    ["heart_rate_lowest", heartRate.lowest, "bpm"],
    ["heart_rate_highest", heartRate.highest, "bpm"],
    ["heart_rate_window", settings.rateIntervals, "RR intervals"],
    ...ectopicOrigins.flatMap((origin): CsvCell[][] => {
      const { bigeminy, trigeminy, burden, fastestRun, ...counts } = ectopy[origin];
      return [
        ...Object.entries(counts).map(([name, value]): CsvCell[] => [`${origin}_${snakeCase(name)}`, value, ""]),
        [`${origin}_burden`, burden, "share"],
        [`${origin}_fastest_run`, fastestRun, "bpm"],
        ...Object.entries({ bigeminy, trigeminy }).flatMap(([name, pattern]): CsvCell[][] => [
          [`${origin}_${name}_episodes`, pattern.episodes, ""],
          [`${origin}_${name}_seconds`, pattern.seconds, "s"],
        ]),
      ];
    }),
    ["bradycardia_limit", settings.bradycardiaBpm, "bpm"],
    ["bradycardia", statistics.slowSeconds, "s"],
    ["tachycardia_limit", settings.tachycardiaBpm, "bpm"],
    ["tachycardia", statistics.fastSeconds, "s"],
    ["pauses", pauses.count, ""],
    ["pause_limit", settings.pauseSeconds, "s"],
    ["longest_pause", pauses.longest, "s"],
    ["long_intervals_in_unreadable_signal", pauses.unreadable, ""],
    ...Object.entries<number | null>({ ...variability }).map(([name, value]): CsvCell[] => {
      return [snakeCase(name), value, VARIABILITY_UNITS[name] ?? "ms"];
    }),
    ["unsure_beats", set.unsure, "beats"],
    ["unlike_beats", set.unlike, "beats"],
  ];
  return { header: ["name", "value", "unit"], rows };
}

/** Units of the measures that are not in ms. */
const VARIABILITY_UNITS: Readonly<Record<string, string>> = {
  intervals: "NN intervals",
  excluded: "NN intervals",
  pnn50: "share",
  triangularIndex: "",
};

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function hoursTable({ statistics: { hours, startsAt } }: RecordingReport): CsvTable {
  return {
    header: [
      ...["from_s", "to_s", "from", "to", "rate_mean_bpm", "rate_lowest_bpm", "rate_highest_bpm"],
      ...reportClasses.map((label) => `beats_${label}`),
      ...["ventricular_couplets", "ventricular_runs", "supraventricular_couplets", "supraventricular_runs"],
      ...["pauses", "atrial_fibrillation_s"],
    ],
    rows: hours.map((hour) => [
      hour.from,
      hour.to,
      recordingTime(startsAt, hour.from),
      recordingTime(startsAt, hour.to),
      hour.rate.mean,
      hour.rate.lowest,
      hour.rate.highest,
      ...hour.beats,
      hour.ventricularCouplets,
      hour.ventricularRuns,
      hour.supraventricularCouplets,
      hour.supraventricularRuns,
      hour.pauses,
      hour.fibrillation,
    ]),
  };
}

function rhythmTable({ statistics }: RecordingReport): CsvTable {
  return {
    header: ["rhythm", "episodes", "seconds", "share", "longest_s"],
    rows: statistics.rhythms.map(({ code, episodes, seconds, share, longest }) => {
      return [code, episodes, seconds, share, longest];
    }),
  };
}

function stripTable({ strips, statistics: { rate, startsAt } }: RecordingReport): CsvTable {
  return {
    header: ["strip", "name", "from_sample", "to_sample", "from_s", "time", "text", "found", "chosen_by", "reason"],
    rows: strips.flatMap(({ kind, place, found, chosenBy }): CsvCell[][] => {
      if (place === null) return [];
      const { from, to } = place;
      const time = recordingTime(startsAt, from / rate);
      const what = candidateText(kind, place, rate);
      const chosen = [chosenBy?.reviewer ?? null, chosenBy?.reason ?? null];
      return [[kind, extremeNames[kind], from, to, from / rate, time, what, found, ...chosen]];
    }),
  };
}

function overruledTable({ strips, statistics: { rate, startsAt } }: RecordingReport): CsvTable {
  return {
    header: ["strip", "from_sample", "to_sample", "from_s", "time", "text", "reviewer", "reason", "overruled_at"],
    rows: strips.flatMap(({ kind, overruled }) =>
      overruled.map(({ choice: { reviewer, reason, createdAt }, place }): CsvCell[] => {
        const { from, to } = place;
        const what = candidateText(kind, place, rate);
        return [kind, from, to, from / rate, recordingTime(startsAt, from / rate), what, reviewer, reason, createdAt];
      }),
    ),
  };
}

function trendTable({ statistics: { trend } }: RecordingReport): CsvTable {
  const { binSeconds, mean, lowest, highest } = trend;
  const rows = [...mean].map((value, bin) => [
    bin * binSeconds,
    float32(value),
    float32(lowest[bin]),
    float32(highest[bin]),
  ]);
  return { header: ["from_s", "mean_bpm", "lowest_bpm", "highest_bpm"], rows };
}

function histogramTable({ statistics: { histogram } }: RecordingReport): CsvTable {
  const { binMs, counts } = histogram;
  return { header: ["from_ms", "intervals"], rows: [...counts].map((count, bin) => [bin * binMs, count]) };
}

/** Every heartbeat, with the interval before it. */
function beatTable(report: RecordingReport, { samples, symbols, beats }: AnnotationColumns): CsvTable {
  const { rate, settings } = report.statistics;
  function* rows(): Generator<CsvCell[]> {
    let before: number | null = null;
    for (const [i, sample] of samples.entries()) {
      if (beats[i] === 0) continue;
      const interval = before === null ? null : (sample - before) / rate;
      yield [sample, sample / rate, symbols[i], classLabel(settings.classMap, symbols[i]) ?? null, interval];
      before = sample;
    }
  }
  return { header: ["sample", "seconds", "symbol", "class", "rr_s"], rows: rows() };
}
