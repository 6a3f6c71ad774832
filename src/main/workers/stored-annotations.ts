/** Reads the annotations by one annotator of a stored record, without its samples. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { decodeText } from "../../pipeline/recordings/text.ts";
import { parseHeader } from "../../pipeline/recordings/wfdb/header.ts";
import { inOrderOfTime } from "../../pipeline/recordings/wfdb/record.ts";
import { readAnnotations } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { isAsStored } from "../store/manifest.ts";
import { MAX_ANNOTATION_BYTES } from "./record-files.ts";

/** Where the annotations of a stored record lie. */
export interface AnnotationPlace {
  /** Folder of the stored dataset. */
  folder: string;
  /** Name of the record. */
  name: string;
  annotator: string;
  /** Samples of the record at its highest rate. */
  length: number;
  /** Folder of the annotation file, where it is another: the results of another program. */
  annotationFolder?: string | undefined;
}

/**
 * Returns the annotations in order of time, with times at the highest rate of the record; null where there is no such
 * file.
 * @throws EctopyError `damaged-file`: a file has changed since it was stored, or can't be read; `unsupported`,
 *   `no-access`
 */
export function readStoredAnnotations(place: AnnotationPlace): Annotation[] | null {
  const { folder, name, annotator, length, annotationFolder = folder } = place;
  const file = `${name}.${annotator}`;
  const path = join(annotationFolder, file);
  if (!existsSync(path)) return null;
  const bytes = readWithLimit(path, file);
  if (annotationFolder === folder && !isAsStored(folder, file, bytes)) {
    throw new EctopyError(
      "damaged-file",
      `${path} has changed since it was stored.`,
      "Import the same recordings again: they replace the damaged ones.",
    );
  }
  const { rate: frameRate, signals } = parseHeader(
    decodeText(readWithLimit(join(folder, `${name}.hea`), `${name}.hea`)),
    `${name}.hea`,
  );
  const perFrame = Math.max(1, ...signals.map(({ samplesPerFrame }) => samplesPerFrame));
  const times = { file, frameRate, rate: frameRate * perFrame, frames: Math.ceil(length / perFrame) };
  return inOrderOfTime(readAnnotations(bytes, times, []));
}

function readWithLimit(path: string, file: string): Uint8Array {
  try {
    if (statSync(path).size > MAX_ANNOTATION_BYTES) {
      throw new EctopyError("unsupported", `${file} is too large to be read.`, "Export it again in a shorter form.");
    }
    return readFileSync(path);
  } catch (error) {
    throw systemError(error, `file ${path}`);
  }
}
