/** Writes a recording of any format into a folder as a WFDB record, and examines it on the way: it is read once. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordHealth } from "../../contract/domain/recordings.ts";
import { LeadExamination } from "../../pipeline/recordings/examination.ts";
import { annotationsBy, healthOf } from "../../pipeline/recordings/read-source.ts";
import { MISSING_VALUE, type RecordingSource, type SampleBlock } from "../../pipeline/recordings/source.ts";
import type { SignalFormat } from "../../pipeline/recordings/wfdb/formats/index.ts";
import {
  encodeSamples,
  SampleTooWideError,
  STORED_FORMATS,
  storedAnnotations,
  storedHeader,
  type StoredSums,
} from "../../pipeline/recordings/wfdb/write-record.ts";
import type { StoredFile } from "../store/manifest.ts";
import { writeFile } from "./write-file.ts";

export interface RecordWritten {
  health: RecordHealth;
  files: StoredFile[];
}

/**
 * Writes a recording as `NAME.hea`, `NAME.dat` and one file for each annotator.
 * @param name safe name (`safeRecordName`)
 * @param annotator annotator whose annotations the health counts
 * @throws EctopyError of the source; a system's error of the disk
 */
export function writeRecord(
  source: RecordingSource,
  { folder, name, annotator }: { folder: string; name: string; annotator: string },
): RecordWritten {
  if (source.signals.length === 0) {
    throw new EctopyError("nothing-usable", `Recording ${source.name} has no signals.`, "Exclude the recording.");
  }
  const { format, sums, leads, signals } = writeSamples(source, join(folder, `${name}.dat`), `${name}.dat`);
  const texts = [
    [`${name}.hea`, storedHeader(source, name, format, sums)] as const,
    ...[...storedAnnotations(source)].map(([each, bytes]) => [`${name}.${each}`, bytes] as const),
  ];
  const files = texts.map(([file, bytes]) => writeFile(join(folder, file), file, [bytes]));
  const annotations = annotationsBy(source, annotator);
  const health = healthOf(source, leads, annotations, annotator, `${source.name}.${annotator}`);
  return { health: { ...health, name }, files: [signals, ...files] };
}

interface SamplesWritten {
  format: SignalFormat;
  sums: StoredSums[];
  leads: LeadExamination[];
  signals: StoredFile;
}

/** Writes the samples in the narrowest format that holds them: it starts again where a sample does not fit. */
function writeSamples(source: RecordingSource, path: string, name: string): SamplesWritten {
  for (const format of STORED_FORMATS) {
    const leads = source.signals.map(() => new LeadExamination());
    let sums: StoredSums[] = [];
    const pieces = function* (): Generator<Uint8Array> {
      sums = yield* encodeSamples(source.signals, examined(source.blocks(), leads), format);
    };
    try {
      const signals = writeFile(path, name, pieces());
      return { format, sums, leads, signals };
    } catch (error) {
      rmSync(path, { force: true });
      if (!(error instanceof SampleTooWideError)) throw error;
    }
  }
  throw new RangeError("32 bits hold every sample");
}

function* examined(blocks: Iterable<SampleBlock>, leads: readonly LeadExamination[]): Generator<SampleBlock> {
  for (const block of blocks) {
    for (const [i, lead] of leads.entries()) lead.add(block.samples[i], MISSING_VALUE);
    yield block;
  }
}
