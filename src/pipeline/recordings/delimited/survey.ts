/** Reads a table of signals once: number of rows, ranges and decimals of its leads, rate and gaps of its time column. */
import type { SourceBytes } from "../source.ts";
import { DecimalParser } from "./decimals.ts";
import type { DelimitedLayout } from "./layout.ts";
import { RowReader } from "./rows.ts";
import { TimeSurvey } from "./time-survey.ts";

/** Values beyond it are no measurements, and would not fit into float32 with their gain. */
const MAX_VALUE = 1e15;

export interface LeadSurvey {
  column: number;
  lead: string;
  units: string;
  /** Most digits after the decimal point. */
  decimals: number;
  /** Largest absolute value. */
  largest: number;
  /** Cells without a number, and cells with another text. */
  missing: number;
  unreadable: number;
  /** Line of the first cell with another text. */
  firstUnreadable: number;
}

export interface Survey {
  rows: number;
  leads: LeadSurvey[];
  time: TimeSurvey | null;
  /** Rows with fewer or more columns than the layout has. */
  short: number;
  long: number;
}

export function surveyTable(bytes: SourceBytes, layout: DelimitedLayout, file: string): Survey {
  const rows = new RowReader(bytes, file, layout.separator);
  const parser = new DecimalParser(layout.decimalComma);
  const timeColumn = layout.columns.findIndex(({ role }) => role === "time");
  const timeRole = layout.columns[timeColumn];
  const time = timeRole?.role === "time" ? new TimeSurvey(timeRole.unit) : null;
  const leads = layout.columns.flatMap((column, index): LeadSurvey[] => {
    if (column.role !== "lead") return [];
    const { lead, units } = column;
    return [{ column: index, lead, units, decimals: 0, largest: 0, missing: 0, unreadable: 0, firstUnreadable: 0 }];
  });
  const survey: Survey = { rows: 0, leads, time, short: 0, long: 0 };
  const timeCell = (): { from: number; to: number } => ({ from: rows.from[timeColumn], to: rows.to[timeColumn] });
  const text = (): string => rows.text(timeColumn);
  for (let line = 0; line < layout.headerLines; line++) if (!rows.next()) return survey;
  while (rows.next()) {
    if (rows.count < layout.columns.length) survey.short++;
    else if (rows.count > layout.columns.length) survey.long++;
    for (const lead of leads) surveyCell(rows, lead, parser);
    if (timeColumn < rows.count) time?.add(survey.rows, { bytes: rows.bytes, ...timeCell(), text }, parser);
    survey.rows++;
  }
  time?.finish();
  return survey;
}

function surveyCell(rows: RowReader, lead: LeadSurvey, parser: DecimalParser): void {
  const value = readCell(rows, lead.column, parser);
  if (value === null) {
    lead.missing++;
    if (
      lead.column < rows.count &&
      !DecimalParser.isMissing(rows.bytes, rows.from[lead.column], rows.to[lead.column])
    ) {
      if (lead.unreadable++ === 0) lead.firstUnreadable = rows.line;
    }
    return;
  }
  if (parser.decimals > lead.decimals) lead.decimals = parser.decimals;
  if (value > lead.largest) lead.largest = value;
  else if (-value > lead.largest) lead.largest = -value;
}

/** Returns the number of a cell; null: it has none. */
export function readCell(rows: RowReader, column: number, parser: DecimalParser): number | null {
  if (column >= rows.count || !parser.parse(rows.bytes, rows.from[column], rows.to[column])) return null;
  return Math.abs(parser.value) <= MAX_VALUE ? parser.value : null;
}
