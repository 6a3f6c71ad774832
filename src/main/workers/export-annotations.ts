/** Writes the annotations of a stored recording by one set as a file for other programs. */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { SetAnnotation } from "../../contract/domain/annotation-sets.ts";
import type { SetFormat } from "../../contract/domain/set-exports.ts";
import { writeEdf } from "../../pipeline/recordings/edf/write-edf.ts";
import type { RecordingSource } from "../../pipeline/recordings/source.ts";
import { openRecord } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { storedAnnotations } from "../../pipeline/recordings/wfdb/write-record.ts";
import { csvLine, float32 } from "../base/csv.ts";
import { loadStoredRecord } from "./stored-record.ts";
import { chosenAnnotations } from "./viewed-annotations.ts";
import type { ChosenSet } from "./viewing-tasks.ts";

export interface AnnotationsToExport extends ChosenSet {
  /** Folder of the dataset, and the recording in it. */
  folder: string;
  name: string;
  /** Annotator whose annotations are the recording's; undefined: `atr`. */
  annotator?: string | undefined;
  /** Name of the set: the suffix of a WFDB annotation file. */
  set: string;
  format: SetFormat;
  /** Folder to write into. */
  destination: string;
}

/** @returns name of the written file @throws EctopyError `damaged-file`, `unsupported`; Error of the file system */
export function exportAnnotations(input: AnnotationsToExport): string {
  const { folder, name, annotator, set, format, destination } = input;
  const source = openRecord(loadStoredRecord(folder, name, annotator));
  const annotations = chosenAnnotations(input) ?? [];
  const chosen: RecordingSource = { ...source, annotators: [{ annotator: set, annotations }] };
  switch (format) {
    case "wfdb": {
      const file = `${name}.${set}`;
      writeFileSync(join(destination, file), storedAnnotations(chosen).get(set) ?? new Uint8Array());
      return file;
    }
    case "edf": {
      const written = writeEdf(chosen);
      const file = `${name}.${written.extension}`;
      writeParts(join(destination, file), written.parts());
      return file;
    }
    case "csv": {
      const file = `${name}.csv`;
      writeFileSync(join(destination, file), tableOf(annotations, source.rate));
      return file;
    }
  }
}

function writeParts(path: string, parts: Iterable<Uint8Array>): void {
  const file = openSync(path, "wx");
  try {
    for (const part of parts) writeSync(file, part);
  } finally {
    closeSync(file);
  }
}

const HEADS = ["sample", "time_s", "symbol", "subtype", "text", "probability", "unsure", "unlike_training"];

function tableOf(annotations: readonly SetAnnotation[], rate: number): string {
  const rows = annotations.map(({ sample, symbol, subtype, aux, probability, unsure, unlike }) =>
    csvLine([
      sample,
      Number((sample / rate).toFixed(6)),
      symbol,
      subtype,
      aux,
      probability === undefined ? null : float32(probability),
      unsure ?? null,
      unlike ?? null,
    ]),
  );
  return [csvLine(HEADS), ...rows].join("");
}
