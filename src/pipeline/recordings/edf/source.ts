/**
 * Reads EDF, EDF+, BDF and BDF+ files as a {@link RecordingSource}.
 *
 * A frame is the greatest common divisor of a data record: signals of 256 and 64 samples a record give 64 frames of 4 and
 * 1 samples. Gaps between the data records of EDF+D are missing samples. Sources: see header.ts and timed-texts.ts.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { note, recordingName, warning } from "../messages.ts";
import type { RecordingSource, SourceBytes } from "../source.ts";
import { quote } from "../wfdb/faults.ts";
import { readAnnotations } from "./annotations.ts";
import { readBlocks } from "./blocks.ts";
import { parseEdfHeader, type EdfHeader } from "./header.ts";
import { layOut, type EdfLayout } from "./layout.ts";
import { notesOf } from "./notes.ts";
import { startsAt } from "./start.ts";

/** Annotator of the annotations in the file. */
export const EDF_ANNOTATOR = "edf";
/** Rate in which the annotations of a file without signals count, in Hz: times to the millisecond. */
const RATE_WITHOUT_SIGNALS = 1000;

/**
 * Opens a file.
 * @param file name of the file, for the recording's name and for messages
 * @throws EctopyError `damaged-file`, with the byte; `nothing-usable` where there is neither a sample nor an annotation
 */
export function openEdf(bytes: SourceBytes, file: string): RecordingSource {
  const header = parseEdfHeader(bytes, file);
  const layout = layOut(header, bytes.length);
  const rate = layout.signals.length === 0 ? RATE_WITHOUT_SIGNALS : layout.frameRate * layout.samplesPerFrame;
  const { annotations, timeline } = readAnnotations(bytes, { header, layout, rate, file });
  if (timeline.frames === 0 && annotations.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      `${file} has neither samples nor annotations.`,
      "Compare its size with the file it was copied from.",
    );
  }
  return {
    name: recordingName(file),
    format: header.variant.replace(/\+C$/, "+"),
    frameRate: layout.frameRate,
    frames: timeline.frames,
    rate,
    startsAt: startsAt(header.start, timeline.firstOnset),
    signals: layout.signals.map(({ signal: { label, units, gain, baseline }, samplesPerFrame, number }) => {
      return { lead: label === "" ? `signal ${number}` : label, units, gain, baseline, samplesPerFrame };
    }),
    annotators: annotations.length === 0 ? [] : [{ annotator: EDF_ANNOTATOR, annotations }],
    comments: notesOf(header),
    findings: [...header.findings, ...countFindings(header, layout, file)],
    blocks: () => readBlocks(bytes, header, layout, timeline.segments),
  };
}

function countFindings(header: EdfHeader, layout: EdfLayout, file: string): ReturnType<typeof note>[] {
  const { records } = header;
  const findings = [];
  const there = layout.wholeRecords + (layout.partialFrames > 0 ? 1 : 0);
  if (records === null) {
    findings.push(
      note(
        `${file}, byte 236: the number of data records is unknown; ${there} were derived from the file's size.`,
        "header",
      ),
    );
  } else if (records !== there) {
    findings.push(
      warning(
        `${file} has ${there} data records, and its header announces ${records}.`,
        "Compare it with its source.",
        "header",
      ),
    );
  }
  if (layout.partialFrames > 0) {
    findings.push(warning(`${file}: the last data record is short; its absent samples are missing.`, "", "truncated"));
  }
  if (layout.ignoredBytes > 0) {
    findings.push(
      warning(`${file} has ${layout.ignoredBytes} bytes after its last data record; they were ignored.`, "", "header"),
    );
  }
  const empty = header.signals.filter(
    ({ samplesPerRecord, isAnnotations }) => samplesPerRecord === 0 && !isAnnotations,
  );
  if (empty.length > 0) {
    const names = empty.slice(0, 8).map(({ label }) => quote(label));
    findings.push(warning(`${file}: signals without samples were excluded: ${names.join(", ")}.`));
  }
  const isPlain = !header.variant.includes("+");
  if (isPlain && header.signals.some(({ isAnnotations }) => isAnnotations)) {
    findings.push(note(`${file} has annotations, but its header does not say EDF+; they were read.`, "header"));
  }
  return findings;
}
