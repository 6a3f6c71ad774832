/**
 * Reads a table of annotations, such as `rdann` prints and Kaggle's `100annotations.txt` repeats.
 * Source: WFDB Applications Guide, rdann(1).
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { annotationOfText } from "../annotation-texts.ts";
import { warning } from "../messages.ts";
import type { SourceBytes } from "../source.ts";
import { latestSample } from "../wfdb/annotations.ts";
import { codeOfSymbol } from "../wfdb/codes.ts";
import { DecimalParser } from "./decimals.ts";
import type { ColumnRole, DelimitedLayout } from "./layout.ts";
import { RowReader } from "./rows.ts";
import { clockSeconds, secondsPerUnit } from "./times.ts";

const MAX_ANNOTATIONS = 5_000_000;
const MAX_TEXT_LENGTH = 255;

export interface AnnotationRowsOptions {
  layout: DelimitedLayout;
  file: string;
  /** Rate in which annotations count, in Hz. */
  rate: number;
  /** Time of sample 0 in seconds, where the times of the signals do not begin at 0. */
  first: number;
  /** Findings about rows that can't be read are added. */
  findings: Finding[];
}

/** @returns annotations in the order of the file */
export function readAnnotationRows(bytes: SourceBytes, options: AnnotationRowsOptions): Annotation[] {
  const { layout, file, rate, first, findings } = options;
  const columnOf = (role: ColumnRole["role"]): number => layout.columns.findIndex((column) => column.role === role);
  const [time, symbol, text, channel] = (["time", "symbol", "text", "channel"] as const).map(columnOf);
  const unit = layout.columns[time]?.role === "time" ? layout.columns[time].unit : "sample";
  const rows = new RowReader(bytes, file, layout.separator);
  const parser = new DecimalParser(layout.decimalComma);
  const cellNumber = (column: number): number | null =>
    column >= 0 && column < rows.count && parser.parse(rows.bytes, rows.from[column], rows.to[column])
      ? parser.value
      : null;
  const sampleOf = (): number | null => {
    const value = unit === "clock" ? (time < rows.count ? clockSeconds(rows.text(time)) : null) : cellNumber(time);
    if (value === null || unit === "sample") return value;
    const seconds = unit === "clock" ? value : value * secondsPerUnit[unit];
    return Math.round((seconds - first) * rate);
  };
  const annotations: Annotation[] = [];
  let unreadable = 0;
  let firstUnreadable = 0;
  for (let line = 0; line < layout.headerLines; line++) rows.next();
  while (rows.next()) {
    const sample = sampleOf();
    const said = symbol < rows.count ? rows.text(symbol) : "";
    if (sample === null || !Number.isInteger(sample) || sample < 0 || sample > latestSample || said === "") {
      if (unreadable++ === 0) firstUnreadable = rows.line;
      continue;
    }
    if (annotations.length === MAX_ANNOTATIONS) {
      throw new EctopyError(
        "unsupported",
        `${file}, line ${rows.line}: there are more than ${MAX_ANNOTATIONS} annotations.`,
        "Import a shorter part of the recording.",
      );
    }
    const note = text >= 0 && text < rows.count ? rows.text(text) : "";
    const known = codeOfSymbol(said) === undefined ? annotationOfText(said) : { symbol: said, aux: "" };
    const aux = [known.aux, note]
      .filter((part) => part !== "")
      .join(" ")
      .slice(0, MAX_TEXT_LENGTH);
    const lead = cellNumber(channel);
    const isChannel = lead !== null && Number.isInteger(lead) && lead >= 0 && lead <= 255;
    annotations.push({ sample, symbol: known.symbol, subtype: 0, channel: isChannel ? lead : 0, num: 0, aux });
  }
  if (unreadable > 0) {
    findings.push(
      warning(
        `${file}: ${unreadable} rows are no annotations, the first in line ${firstUnreadable}; they were excluded.`,
      ),
    );
  }
  return annotations;
}
