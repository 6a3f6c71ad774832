/** The report of a recording: its content and order. */
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import {
  ectopicOrigins,
  reportClasses,
  type ExtremeKind,
  type RecordingStatistics,
  type ReportHour,
} from "../../../contract/domain/recording-report.ts";
import type { ReportStrip } from "../../../contract/domain/recording-report-choices.ts";
import type { Correction, ModelTest, RecordingReport } from "../../../contract/domain/reported-recording.ts";
import { STRIP_SCALE } from "../../../contract/domain/strip-drawing.ts";
import { classColour } from "../../../contract/domain/class-colours.ts";
import { describeClass } from "../../../contract/domain/class-maps.ts";
import { recordingTime } from "../../../contract/text/format-clock.ts";
import { formatMetric, NO_METRIC } from "../../../contract/text/format-metric.ts";
import { counted, formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import {
  candidateText,
  ectopyRows,
  extremeNames,
  fibrillationText,
  formatMs,
  formatRate,
  hourText,
  OVERRULED_NOTE,
  overruledColumns,
  overruledRows,
  originNames,
  pauseText,
  rateLimitText,
  reportDefinitions,
  rhythmText,
  variabilityRows,
} from "../../../contract/domain/recording-report-text.ts";
import { setText } from "../../../contract/domain/reported-set-text.ts";
import type { PrintedFigure } from "../figures/print-figure.ts";
import type { RecordingFigure } from "../figures/recording-figures.ts";
import {
  numbered,
  numberColumns,
  textColumns,
  type Block,
  type Fact,
  type Highlight,
  type ReportDocument,
  type Section,
  type Table,
} from "./document.ts";

export interface ReportPictures {
  figures: Record<RecordingFigure, PrintedFigure>;
  /** Strips of the extremes, in their order. */
  strips: PrintedFigure[];
}

export interface RecordingDocumentOptions {
  pictures: ReportPictures;
  /** Notes on the patient; null: left out. */
  notes: readonly string[] | null;
  /** Clinic or institution; empty: left out. */
  institution: string;
  /** `Ectopy 0.1.0` */
  madeBy: string;
  /** Latest change of what the report shows, ISO 8601, UTC. */
  date: string;
}

export function recordingDocument(
  report: RecordingReport,
  { pictures, notes, institution, madeBy, date }: RecordingDocumentOptions,
): ReportDocument {
  const { figures, strips } = pictures;
  const { statistics, models } = report;
  const noteSections: Section[] =
    notes === null ? [] : [{ title: "Notes on the patient", blocks: [{ kind: "list", items: [...notes] }] }];
  const sections: Section[] = [
    {
      title: "Summary",
      blocks: [...summaryBlocks(report, institution), { kind: "figures", figures: [figures.trend] }],
    },
    ...noteSections,
    {
      title: "RR intervals",
      blocks: [
        { kind: "figures", figures: [figures.tachogram] },
        { kind: "figures", figures: [figures.histogram, figures.poincare] },
      ],
    },
    { title: "Hours", blocks: [hourTable(report)] },
    { title: "Rhythm", blocks: rhythmBlocks(report) },
    {
      title: "Heart rate variability",
      blocks: [{ kind: "facts", rows: variabilityRows(statistics) }],
    },
    ...(strips.length === 0
      ? []
      : [
          {
            title: "Strips",
            isLandscape: true,
            blocks: strips.map((strip): Block => ({ kind: "figures", figures: [strip] })),
          },
        ]),
    ...overruledSections(report),
    { title: "Annotations and model", blocks: originBlocks(report) },
    ...models.flatMap(({ title, test }): Section[] => (test === null ? [] : [{ title, blocks: modelBlocks(test) }])),
    { title: "Definitions", blocks: [{ kind: "list", items: reportDefinitions(statistics.settings) }] },
  ];
  return numbered({
    title: `Recording ${report.record}`,
    subtitle: `${report.dataset.name}, ${formatDuration(statistics.length / statistics.rate)}, annotations by ${report.set.name}`,
    notice: `${RESEARCH_USE_ONLY} Not a diagnosis.`,
    date,
    madeBy,
    sections,
  });
}

function summaryBlocks(report: RecordingReport, institution: string): Block[] {
  const { statistics } = report;
  const { heartbeats, heartRate, ectopy } = statistics;
  const { ventricular, supraventricular } = ectopy;
  const fibrillation = fibrillationText(statistics);
  const items: Highlight[] = [
    {
      name: "Heart rate",
      value: formatRate(heartRate.mean),
      note: `lowest ${formatRate(heartRate.lowest)}, highest ${formatRate(heartRate.highest)}`,
    },
    ...(
      [
        ["Ventricular beats", ventricular],
        ["Supraventricular beats", supraventricular],
      ] as const
    ).map(([name, { beats, burden, runs }]) => ({
      name,
      value: formatInteger(beats),
      note: `${formatMetric(burden)} of all beats, ${counted(runs, "run")}`,
    })),
    { name: "Atrial fibrillation", ...fibrillation },
  ];
  return [
    { kind: "highlights", items },
    { kind: "facts", rows: recordingFacts(report, institution) },
    ectopyTable(report),
    classTable(report, heartbeats),
  ];
}

function recordingFacts({ leads, set, statistics, models }: RecordingReport, institution: string): Fact[] {
  const { length, rate, startsAt, noiseSeconds, unreadableSeconds, variability } = statistics;
  const seconds = length / rate;
  return [
    ...(institution === "" ? [] : ([["Institution", institution]] satisfies Fact[])),
    [
      "Time",
      startsAt === null
        ? `${formatDuration(seconds)}; the time of day is unknown`
        : `${startsAt.slice(0, 10)} ${recordingTime(startsAt, 0)} to ${recordingTime(startsAt, seconds)}, ${formatDuration(seconds)}`,
    ],
    ["Leads", `${leads.join(", ")}; ${rate} Hz`],
    ["Annotations", setText(set, models)],
    ["Bradycardia, tachycardia", rateLimitText(statistics)],
    ["Pauses", pauseText(statistics)],
    ["Rhythm", rhythmsText(statistics)],
    [
      "Variability",
      variability === null
        ? "too few NN intervals"
        : `SDNN ${formatMs(variability.sdnn)}, RMSSD ${formatMs(variability.rmssd)}`,
    ],
    ...(noiseSeconds === 0 ? [] : ([["Noise", noiseText(noiseSeconds, unreadableSeconds)]] satisfies Fact[])),
  ];
}

/** Rhythms in the summary. */
const MAX_RHYTHMS = 3;

function rhythmsText({ rhythms }: RecordingStatistics): string {
  if (rhythms.length === 0) return "not annotated";
  const named = rhythms.slice(0, MAX_RHYTHMS).map(({ code, share }) => `${rhythmText(code)} ${formatMetric(share)}`);
  return [...named, ...(rhythms.length > MAX_RHYTHMS ? [`${rhythms.length - MAX_RHYTHMS} more`] : [])].join(", ");
}

function noiseText(noise: number, unreadable: number): string {
  const part = unreadable === 0 ? "" : `, ${formatDuration(unreadable)} of it unreadable in all leads`;
  return `${formatDuration(noise)} annotated${part}`;
}

function ectopyTable({ statistics: { ectopy } }: RecordingReport): Table {
  return {
    kind: "table",
    caption: "Ectopic beats. Burden is the share of all heartbeats.",
    columns: [...textColumns(""), ...numberColumns(...ectopicOrigins.map((origin) => originNames[origin]))],
    rows: ectopyRows.map(([name, value]) => [name, ...ectopicOrigins.map((origin) => value(ectopy[origin]))]),
  };
}

function classTable({ statistics: { classes, settings } }: RecordingReport, heartbeats: number): Table {
  return {
    kind: "table",
    caption: "Heartbeats by class.",
    columns: [...textColumns("Class", "Meaning"), ...numberColumns("Beats", "Share")],
    rows: [
      ...reportClasses.map((label, number) => [
        { label, colour: classColour(label, false) },
        describeClass(settings.classMap, label),
        formatInteger(classes[number]),
        heartbeats === 0 ? NO_METRIC : formatMetric(classes[number] / heartbeats),
      ]),
      ["All", "", formatInteger(heartbeats), ""],
    ],
    total: true,
  };
}

function hourTable({ statistics: { hours, startsAt } }: RecordingReport): Table {
  const count = (value: number): string => (value === 0 ? NO_METRIC : formatInteger(value));
  const bpm = (rate: number | null): string => (rate === null ? NO_METRIC : String(Math.round(rate)));
  const columns: [string, (hour: ReportHour) => string][] = [
    ["Beats", ({ beats }) => count(beats.reduce((sum, each) => sum + each, 0))],
    ["Mean", ({ rate }) => bpm(rate.mean)],
    ["Lowest", ({ rate }) => bpm(rate.lowest)],
    ["Highest", ({ rate }) => bpm(rate.highest)],
    ["V", ({ beats }) => count(beats[reportClasses.indexOf("V")])],
    ["V couplets", ({ ventricularCouplets }) => count(ventricularCouplets)],
    ["V runs", ({ ventricularRuns }) => count(ventricularRuns)],
    ["S", ({ beats }) => count(beats[reportClasses.indexOf("S")])],
    ["S couplets", ({ supraventricularCouplets }) => count(supraventricularCouplets)],
    ["S runs", ({ supraventricularRuns }) => count(supraventricularRuns)],
    ["F", ({ beats }) => count(beats[reportClasses.indexOf("F")])],
    ["Pauses", ({ pauses }) => count(pauses)],
    ["AF (min)", ({ fibrillation }) => (fibrillation === 0 ? NO_METRIC : (fibrillation / 60).toFixed(1))],
  ];
  return {
    kind: "table",
    caption: `Beats, heart rate in bpm and events by ${startsAt === null ? "hour since the start" : "hour of the day"}.`,
    columns: [...textColumns("Time"), ...numberColumns(...columns.map(([title]) => title))],
    rows: hours.map((hour) => [hourText(hour, startsAt), ...columns.map(([, of]) => of(hour))]),
    size: "small",
  };
}

function rhythmBlocks({ statistics: { rhythms } }: RecordingReport): Block[] {
  if (rhythms.length === 0) {
    return [{ kind: "paragraph", text: "The annotations name no rhythm: the burden of a rhythm is unknown." }];
  }
  return [
    {
      kind: "table",
      caption: "Rhythms by their annotations, the longest first.",
      columns: [...textColumns("Rhythm"), ...numberColumns("Episodes", "Duration", "Share", "Longest episode")],
      rows: rhythms.map(({ code, episodes, seconds, share, longest }) => [
        rhythmText(code),
        formatInteger(episodes),
        formatDuration(seconds),
        formatMetric(share),
        formatDuration(longest),
      ]),
    },
  ];
}

/** Returns the caption of a strip: what it shows, when, and who chose it. */
export function stripCaption(strip: ReportStrip, report: RecordingReport): string {
  const { kind, place, chosenBy, overruled } = strip;
  if (place === null) return "";
  const { rate, startsAt } = report.statistics;
  return [
    `${candidateText(kind, place, rate)} at ${recordingTime(startsAt, place.from / rate)}.`,
    chosenBy === null ? "" : `Chosen by ${chosenBy.reviewer}.`,
    ...overruled.map(
      ({ choice: { reviewer, reason }, place: each }) =>
        `Overruled by ${reviewer}: ${candidateText(kind, each, rate)} at ${recordingTime(startsAt, each.from / rate)} (${reason}).`,
    ),
    `${STRIP_SCALE}; RR intervals in ms.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function overruledSections({ strips, statistics }: RecordingReport): Section[] {
  const rows = overruledRows(strips, statistics);
  if (rows.length === 0) return [];
  return [
    {
      title: "Overruled extremes",
      blocks: [{ kind: "table", caption: OVERRULED_NOTE, columns: textColumns(...overruledColumns), rows }],
    },
  ];
}

/** Returns the title of a strip. @param kinds extremes that are at its place, such as the longest and the fastest run */
export function stripTitle(kinds: readonly ExtremeKind[]): string {
  const [first, ...others] = kinds.map((kind) => extremeNames[kind]);
  return [first, ...others.map((name) => name.toLowerCase())].join("; ");
}

function originBlocks({ set, models, corrections, learned }: RecordingReport): Block[] {
  const removed = models.filter(({ test }) => test === null);
  const flag = (beats: number | null): string => (beats === null ? "not marked in this set" : counted(beats, "beat"));
  return [
    {
      kind: "facts",
      rows: [
        ["Annotation set", setText(set, models)],
        ["Leads that were read", set.leads.length === 0 ? "all" : set.leads.join(", ")],
        ["Unsure", flag(set.unsure)],
        ["Unlike the training beats", flag(set.unlike)],
        ...learned.map(({ run, beats }): Fact => [
          `Labels of run ${run}`,
          `${counted(beats, "beat")} that nobody reviewed; the run was fine-tuned on reviewed beats of this recording`,
        ]),
        ...removed.map(({ title }): Fact => [title, "removed, and its metrics with it"]),
        ...(models.length > 0 ? [] : ([["Model", "none: no model has classified these beats"]] satisfies Fact[])),
        ...(corrections.length > 0 ? [] : ([["Corrections", "none"]] satisfies Fact[])),
      ],
    },
    ...(corrections.length === 0 ? [] : [correctionTable(corrections)]),
  ];
}

function correctionTable(corrections: readonly Correction[]): Table {
  return {
    kind: "table",
    caption: "Corrections by reviewer: beats whose label was changed, and beats that were added, removed or moved.",
    columns: [...textColumns("Reviewer", "Before", "After"), ...numberColumns("Beats")],
    rows: corrections.map(({ reviewer, from, to, beats }) => [
      reviewer || NO_METRIC,
      from ?? "added",
      to === null ? "removed" : to === from ? "moved" : to,
      formatInteger(beats),
    ]),
  };
}

function modelBlocks(test: ModelTest): Block[] {
  return [
    ...(test.trainedOnRecording
      ? [
          {
            kind: "paragraph" as const,
            text: "Beats of this recording trained the model: on this recording, its labels are no test of it.",
          },
        ]
      : []),
    { kind: "paragraph", text: test.protocol },
    {
      kind: "facts",
      rows: [
        [
          "Test patients",
          test.interPatient ? "new to the model (inter-patient)" : "not kept apart from training (not inter-patient)",
        ],
        [
          "Test set",
          `${formatInteger(test.beats)} beats, accuracy ${formatMetric(test.accuracy)}, macro F1 ${formatMetric(test.macroF1)}`,
        ],
        ["Input", test.input],
      ],
    },
    {
      kind: "table",
      caption: "Test metrics of the model. They were measured on its test set, not on this recording.",
      columns: [...textColumns("Class"), ...numberColumns("Test beats", "Sensitivity", "PPV")],
      rows: test.perClass.map(({ label, beats, sensitivity, ppv }) => [
        { label, colour: classColour(label, false) },
        formatInteger(beats),
        beats === 0 ? NO_METRIC : formatMetric(sensitivity),
        formatMetric(ppv),
      ]),
    },
    { kind: "list", items: test.limitations },
  ];
}
