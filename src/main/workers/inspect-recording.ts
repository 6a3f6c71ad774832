/** Examines one recording: health, identity and annotators. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordAnnotator } from "../../contract/domain/dataset-records.ts";
import type { FindingCode, RecordHealth } from "../../contract/domain/recordings.ts";
import { countSymbols, damagedRecord } from "../../pipeline/recordings/health.ts";
import { hashed } from "../../pipeline/recordings/identity/hashed-source.ts";
import { examineSource } from "../../pipeline/recordings/read-source.ts";
import type { RecordingSource } from "../../pipeline/recordings/source.ts";
import { inFolder, type FolderPlace } from "./open-folder.ts";
import { openRecording, type RecordingPlace } from "./open-recording.ts";
import { ANNOTATOR } from "./record-files.ts";

export interface InspectInput {
  folder: FolderPlace;
  recording: RecordingPlace;
  /** Name in the dataset. */
  storedName: string;
  /** Annotator whose annotations are examined; undefined: `atr`, else the first. */
  annotator?: string | undefined;
}

export interface RecordInspected {
  health: RecordHealth;
  /** Hash of each lead (`SampleHash`); empty for a damaged recording. */
  hashes: (string | null)[];
  annotators: RecordAnnotator[];
}

/**
 * Examines a recording before an import; nothing is copied. Its health reports damage.
 * @throws EctopyError `disk-full`, `no-access` if a temporary file cannot be written
 */
export async function inspectRecording(input: InspectInput): Promise<RecordInspected> {
  const { folder, recording, storedName, annotator } = input;
  const examined = await inFolder(folder, (opened) =>
    examine(() => openRecording(opened, recording, annotator), storedName, annotator),
  );
  if (recording.name === storedName) return examined;
  const { health } = examined;
  return { ...examined, health: { ...health, details: { ...health.details, originalName: recording.name } } };
}

/**
 * Examines a recording; its health reports damage.
 * @param open opens it
 * @param name name for the report
 * @param annotator undefined: the source's first
 */
export function examine(open: () => RecordingSource, name: string, annotator?: string): RecordInspected {
  try {
    const { source, hashes } = hashed(open());
    const used = annotator ?? source.annotators[0]?.annotator ?? ANNOTATOR;
    const health = examineSource(source, used, `${source.name}.${used}`);
    return { health: { ...health, name }, hashes: hashes(), annotators: annotatorsOf(source) };
  } catch (error) {
    return damagedInspection(name, error);
  }
}

/** Returns the annotators of a recording with the number of annotations of each symbol. */
export function annotatorsOf({ annotators }: Pick<RecordingSource, "annotators">): RecordAnnotator[] {
  return annotators.map(({ annotator, annotations }) => ({ annotator, symbols: countSymbols(annotations) }));
}

/** Reports a recording that can't be read. @throws any other error */
export function damagedInspection(name: string, error: unknown): RecordInspected {
  if (!(error instanceof EctopyError)) throw error;
  const code = codeOf(error);
  return { health: damagedRecord(name, error.message, error.fix, code), hashes: [], annotators: [] };
}

/** Returns what an error says of a file where it is no damage. */
function codeOf({ code }: EctopyError): FindingCode | undefined {
  if (code === "unsupported") return "unsupported";
  return code === "nothing-usable" || code === "invalid-settings" ? "unusable" : undefined;
}
