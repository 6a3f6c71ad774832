/**
 * Reads a table of signals as a {@link RecordingSource}: a row is a sample of each lead.
 *
 * Decimal numbers become integers with a gain of a power of ten, so that `0.145` is 145 with a gain of 1,000: exact, as
 * long as it fits into 32 bits. The file is read twice, once for its length and ranges, and never held in memory.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { copyOf } from "../files.ts";
import { note, recordingName, warning } from "../messages.ts";
import { MISSING_VALUE, type RecordingSource, type SampleBlock, type SourceBytes } from "../source.ts";
import { readAnnotationRows } from "./annotation-rows.ts";
import { DecimalParser } from "./decimals.ts";
import { guessLayout } from "./guess.ts";
import type { DelimitedLayout } from "./layout.ts";
import { RowReader } from "./rows.ts";
import { readCell, surveyTable, type LeadSurvey, type Survey } from "./survey.ts";

/** Annotator of annotations in a text file. */
export const DELIMITED_ANNOTATOR = "csv";
const BLOCK_SAMPLES = 1 << 16;
/** Largest digital value: 32 bits, without the code of a missing sample. */
const MAX_DIGITAL = 2 ** 31 - 1;
const MAX_DECIMALS = 12;
const FIRST_BYTES = 1 << 16;

export interface DelimitedFiles {
  file: string;
  bytes: SourceBytes;
  /** Files of annotations, by name. */
  annotations: ReadonlyMap<string, SourceBytes>;
  /** Sampling rate in Hz, where the file has none. */
  rate?: number | undefined;
}

/** @throws EctopyError `unsupported` where the bytes are no table */
export function guessLayoutOf(bytes: SourceBytes, file: string): DelimitedLayout {
  const first = copyOf(bytes, 0, Math.min(FIRST_BYTES, bytes.length));
  const guess = guessLayout(first, file, bytes.length <= FIRST_BYTES);
  if (guess !== null) return guess.layout;
  throw new EctopyError(
    "unsupported",
    `${file} is no table of numbers.`,
    "Save it as text in UTF-8, with one row for each sample.",
  );
}

/**
 * Opens a table of signals.
 * @param layout by default the guess
 * @throws EctopyError `invalid-settings` where the sampling rate is unknown or a row is no sample, `damaged-file` with the
 *   line, `nothing-usable` without a number
 */
export function openDelimited(
  { file, bytes, annotations, rate: chosenRate }: DelimitedFiles,
  layout: DelimitedLayout = guessLayoutOf(bytes, file),
): RecordingSource {
  if (layout.holds !== "signals") {
    throw new EctopyError(
      "invalid-settings",
      `The rows of ${file} are ${layout.holds}, not samples.`,
      layout.holds === "beats" ? "Import it as a dataset of beats." : "Import it beside the table of its signals.",
    );
  }
  const survey = surveyTable(bytes, layout, file);
  const leads = survey.leads.filter(({ missing }) => missing < survey.rows);
  if (leads.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      `${file} has no number in any lead's column.`,
      "Check the layout of the file.",
    );
  }
  const rate = layout.rate ?? survey.time?.rate() ?? chosenRate ?? null;
  if (rate === null || !(rate > 0 && rate <= 1e6)) {
    throw new EctopyError(
      "invalid-settings",
      `The sampling rate of ${file} is not in the file.`,
      "Enter the sampling rate, or choose the column of the time.",
    );
  }
  const { gaps, closed } = survey.time?.gaps(rate) ?? { gaps: [], closed: 0 };
  const missing = gaps.reduce((sum, { samples }) => sum + samples, 0);
  const scaled = leads.map((lead) => ({ ...lead, decimals: decimalsOf(lead) }));
  const findings = findingsOf(file, survey, { gaps: gaps.length, missing, closed, rate });
  const rounded = leads.filter((lead, i) => lead.decimals > scaled[i].decimals).length;
  if (rounded > 0) findings.push(note(`${file}: values of ${rounded} leads were rounded to fit into 32 bits.`));
  const read = readAnnotationFiles(annotations, { rate, first: firstTime(survey), findings });
  return {
    name: recordingName(file),
    format: "CSV",
    frameRate: rate,
    frames: survey.rows + missing,
    rate,
    startsAt: survey.time?.startsAt ?? null,
    signals: scaled.map(({ lead, units, decimals, column }) => {
      const name = lead === "" ? `signal ${leads.findIndex((each) => each.column === column) + 1}` : lead;
      return { lead: name, units, gain: 10 ** decimals, baseline: 0, samplesPerFrame: 1 };
    }),
    annotators: read.length === 0 ? [] : [{ annotator: DELIMITED_ANNOTATOR, annotations: read }],
    comments: [],
    findings,
    blocks: () => readBlocks({ file, bytes, layout, leads: scaled, gaps }),
  };
}

/** Returns the decimals of a lead's digital values: all of them, if the largest then fits into 32 bits. */
function decimalsOf({ decimals, largest }: LeadSurvey): number {
  let kept = Math.min(decimals, MAX_DECIMALS);
  while (Math.round(largest * 10 ** kept) > MAX_DIGITAL) kept--;
  return kept;
}

/** Time of the first row in seconds; 0 where the table has none, or counts samples. */
function firstTime({ time }: Survey): number {
  return time === null || time.unit === "sample" ? 0 : (time.first ?? 0);
}

function findingsOf(
  file: string,
  survey: Survey,
  { gaps, missing, closed, rate }: { gaps: number; missing: number; closed: number; rate: number },
): Finding[] {
  const findings: Finding[] = [];
  const unreadable = survey.leads.filter((lead) => lead.unreadable > 0);
  if (unreadable.length > 0) {
    const count = unreadable.reduce((sum, lead) => sum + lead.unreadable, 0);
    const line = Math.min(...unreadable.map(({ firstUnreadable }) => firstUnreadable));
    findings.push(
      warning(`${file}: ${count} cells are no numbers, the first in line ${line}; their samples are missing.`),
    );
  }
  if (survey.short > 0) findings.push(warning(`${file}: ${survey.short} rows have too few columns.`));
  if (survey.long > 0)
    findings.push(warning(`${file}: ${survey.long} rows have too many columns; the last were ignored.`));
  const { time } = survey;
  if (time === null) return findings;
  if (time.backward > 0) {
    findings.push(
      warning(
        `${file}: the time goes backwards ${time.backward} times; rows were read in their order.`,
        "Sort the rows.",
        "times-backward",
      ),
    );
  }
  if (gaps > 0) {
    findings.push(
      note(
        `${file} has ${gaps} gaps of ${(missing / rate).toFixed(3)} s in total; their samples are missing.`,
        "missing-samples",
      ),
    );
  }
  if (closed > 0) findings.push(warning(`${file}: ${closed} gaps last for months; they were closed.`));
  return findings;
}

function readAnnotationFiles(
  files: ReadonlyMap<string, SourceBytes>,
  times: { rate: number; first: number; findings: Finding[] },
): Annotation[] {
  const annotations: Annotation[] = [];
  for (const [file, bytes] of files) {
    const layout = guessLayoutOf(bytes, file);
    if (layout.holds === "annotations") annotations.push(...readAnnotationRows(bytes, { layout, file, ...times }));
    else times.findings.push(warning(`${file} has no annotations; it was ignored.`));
  }
  return annotations.sort((a, b) => a.sample - b.sample);
}

function* readBlocks({
  file,
  bytes,
  layout,
  leads,
  gaps,
}: {
  file: string;
  bytes: SourceBytes;
  layout: DelimitedLayout;
  leads: readonly LeadSurvey[];
  gaps: readonly { row: number; samples: number }[];
}): Generator<SampleBlock> {
  const capacity = Math.max(1, Math.floor(BLOCK_SAMPLES / leads.length));
  const samples = leads.map(() => new Int32Array(capacity));
  const block = (from: number, count: number): SampleBlock => {
    return { from, samples: samples.map((each) => each.subarray(0, count)) };
  };
  const rows = new RowReader(bytes, file, layout.separator);
  const parser = new DecimalParser(layout.decimalComma);
  for (let line = 0; line < layout.headerLines; line++) rows.next();
  let frame = 0;
  let filled = 0;
  let gap = 0;
  for (let row = 0; rows.next(); row++) {
    if (gaps[gap]?.row === row) {
      if (filled > 0) yield block(frame, filled);
      frame += filled;
      filled = 0;
      for (let left = gaps[gap].samples; left > 0; left -= capacity) {
        for (const each of samples) each.fill(MISSING_VALUE);
        yield block(frame, Math.min(left, capacity));
        frame += Math.min(left, capacity);
      }
      gap++;
    }
    for (let i = 0; i < leads.length; i++) samples[i][filled] = digitalOf(rows, leads[i], parser);
    if (++filled < capacity) continue;
    yield block(frame, filled);
    frame += filled;
    filled = 0;
  }
  if (filled > 0) yield block(frame, filled);
}

function digitalOf(rows: RowReader, { column, decimals }: LeadSurvey, parser: DecimalParser): number {
  const value = readCell(rows, column, parser);
  if (value === null) return MISSING_VALUE;
  const { mantissa } = parser;
  return mantissa !== null && parser.decimals <= decimals
    ? mantissa * 10 ** (decimals - parser.decimals)
    : Math.round(value * 10 ** decimals);
}
