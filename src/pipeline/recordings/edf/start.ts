/**
 * Date and time of an EDF recording.
 *
 * Sources: EDF specification, "startdate" and "starttime" (`dd.mm.yy`, `hh.mm.ss`; years 85 to 99 are 1985 to 1999);
 * EDF+, 2.1.3.3 (the recording field begins with `Startdate dd-MMM-yyyy`, or `Startdate X` where it is unknown).
 */
import type { Finding } from "../../../contract/domain/recordings.ts";
import { note } from "../messages.ts";
import { quote } from "../wfdb/faults.ts";

/** Date and time of the header; null: not in the file, or unclear. */
export interface EdfStart {
  /** `YYYY-MM-DD`. */
  date: string | null;
  /** `HH:MM:SS`. */
  time: string | null;
}

export const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const PIVOT_YEAR = 85;

export function readStart(
  fields: { date: string; time: string; recording: string; isPlus: boolean; file: string },
  findings: Finding[],
): EdfStart {
  const { file, recording, isPlus } = fields;
  const stated = isPlus ? /^Startdate (\S+)/i.exec(recording)?.[1] : undefined;
  if (stated?.toUpperCase() === "X") return { date: null, time: readTime(fields.time) };
  const date = (stated === undefined ? null : namedDate(stated)) ?? readDate(fields.date);
  const time = readTime(fields.time);
  const isOdd = date === null || !/^\d\d\.\d\d\.\d\d$/.test(fields.date) || !/^\d\d\.\d\d\.\d\d$/.test(fields.time);
  if (isOdd) {
    findings.push(
      note(
        `${file}, byte 168: date and time are ${quote(fields.date)} and ${quote(fields.time)}, read as ` +
          `${date ?? "unknown"} and ${time ?? "unknown"}.`,
        "header",
      ),
    );
  }
  return { date, time };
}

/** Returns the moment of the first sample in ISO 8601. @param seconds seconds after the start, below 1 */
export function startsAt({ date, time }: EdfStart, seconds: number): string | null {
  if (date === null || time === null) return null;
  const fraction = seconds > 0 && seconds < 1 ? seconds.toFixed(6).replace(/^0|0+$/g, "") : "";
  return `${date}T${time}${fraction === "." ? "" : fraction}`;
}

function namedDate(text: string): string | null {
  const parts = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  return parts && dateOf(Number(parts[1]), months.indexOf(parts[2].toUpperCase()) + 1, Number(parts[3]));
}

function readDate(text: string): string | null {
  const parts = /^(\d{1,4})[./:\s-](\d{1,2})[./:\s-](\d{1,4})$/.exec(text);
  if (parts === null) return null;
  const [first, second, third] = parts.slice(1).map(Number);
  if (parts[1].length === 4) return dateOf(third, second, first);
  const year = parts[3].length > 2 ? third : third + (third >= PIVOT_YEAR ? 1900 : 2000);
  // A month above 12 can only be a day.
  return second > 12 ? dateOf(second, first, year) : dateOf(first, second, year);
}

function dateOf(day: number, month: number, year: number): string | null {
  const pad = (value: number, length: number): string => String(value).padStart(length, "0");
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31 && year >= 1000 && year <= 9999;
  return isDate ? `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` : null;
}

function readTime(text: string): string | null {
  const parts = /^(\d{1,2})[.:\s-](\d{1,2})[.:\s-](\d{1,2})$/.exec(text);
  if (parts === null || Number(parts[1]) > 23 || Number(parts[2]) > 59 || Number(parts[3]) > 59) return null;
  return parts
    .slice(1)
    .map((part) => part.padStart(2, "0"))
    .join(":");
}
