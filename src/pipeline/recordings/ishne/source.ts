/** Reads ISHNE Holter files as a {@link RecordingSource}. Sources: see header.ts and annotations.ts. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation, Finding } from "../../../contract/domain/recordings.ts";
import { recordingName, warning } from "../messages.ts";
import { MISSING_VALUE, type RecordingSource, type SampleBlock, type SourceBytes } from "../source.ts";
import { parseIshneAnnotations } from "./annotations.ts";
import { parseIshneHeader, signatures, type IshneHeader } from "./header.ts";

/** Annotator of an `.ann` file. */
export const ISHNE_ANNOTATOR = "ann";
const BYTES_PER_SAMPLE = 2;
const BLOCK_SAMPLES = 1 << 16;
/** Code of a missing sample. */
const MISSING_CODE = -32768;
const NANOVOLTS_PER_MILLIVOLT = 1e6;

/**
 * Opens a recording.
 * @param annotations name and bytes of the annotation file; null without one
 * @throws EctopyError `damaged-file`, with the byte; `nothing-usable` without a sample
 */
export function openIshne(
  bytes: SourceBytes,
  file: string,
  annotations: { file: string; bytes: SourceBytes } | null = null,
): RecordingSource {
  const header = parseIshneHeader(bytes, file, signatures.signals);
  const { leads, rate, dataOffset } = header;
  const frames = Math.floor((bytes.length - dataOffset) / (BYTES_PER_SAMPLE * leads.length));
  if (frames === 0) {
    throw new EctopyError(
      "nothing-usable",
      `${file} has no samples.`,
      "Compare its size with the file it was copied from.",
    );
  }
  const findings = [...header.findings, ...lengthFindings(header, frames, file)];
  const uncalibrated = leads.filter(({ resolution }) => resolution <= 0).length;
  if (uncalibrated > 0) {
    findings.push(
      warning(
        `${file}, byte 206: the resolution of ${uncalibrated} leads is unknown; digital values are shown, without a unit.`,
        "Enter the unit and the gain, or choose another lead.",
        "no-gain",
      ),
    );
  }
  const read = annotations === null ? [] : readAnnotations(annotations, rate, findings);
  return {
    name: recordingName(file),
    format: "ISHNE",
    frameRate: rate,
    frames,
    rate,
    startsAt: header.startsAt,
    signals: leads.map(({ lead, resolution }, i) => ({
      lead: lead === "" ? `signal ${i + 1}` : lead,
      units: resolution > 0 ? "mV" : "",
      gain: resolution > 0 ? NANOVOLTS_PER_MILLIVOLT / resolution : 1,
      baseline: 0,
      samplesPerFrame: 1,
    })),
    annotators: read.length === 0 ? [] : [{ annotator: ISHNE_ANNOTATOR, annotations: read }],
    comments: header.comments,
    findings,
    blocks: () => readBlocks(bytes, header, frames),
  };
}

function lengthFindings({ samples, leads }: IshneHeader, frames: number, file: string): Finding[] {
  if (samples === frames || samples === frames * leads.length) return [];
  return [warning(`${file} has ${frames} samples of each lead, and its header announces ${samples}.`, "", "header")];
}

function readAnnotations(
  { file, bytes }: { file: string; bytes: SourceBytes },
  rate: number,
  findings: Finding[],
): Annotation[] {
  const read = parseIshneAnnotations(bytes, file);
  findings.push(...read.findings);
  if (read.rate === rate) return read.annotations;
  findings.push(
    warning(
      `${file} has a sampling rate of ${read.rate} Hz, and its signals have ${rate} Hz; its beats count by the signals'.`,
      "Check that the annotation file belongs to this recording.",
    ),
  );
  return read.annotations;
}

function* readBlocks(bytes: SourceBytes, { dataOffset, leads }: IshneHeader, frames: number): Generator<SampleBlock> {
  const width = leads.length;
  const capacity = Math.floor(BLOCK_SAMPLES / width);
  const samples = leads.map(() => new Int32Array(Math.min(capacity, frames)));
  for (let from = 0; from < frames; from += capacity) {
    const count = Math.min(capacity, frames - from);
    const at = dataOffset + from * width * BYTES_PER_SAMPLE;
    const block = bytes.subarray(at, at + count * width * BYTES_PER_SAMPLE);
    for (let lead = 0; lead < width; lead++) {
      const into = samples[lead];
      for (let i = 0, byte = BYTES_PER_SAMPLE * lead; i < count; i++, byte += BYTES_PER_SAMPLE * width) {
        const sample = ((block[byte] | (block[byte + 1] << 8)) << 16) >> 16;
        into[i] = sample === MISSING_CODE ? MISSING_VALUE : sample;
      }
    }
    yield { from, samples: samples.map((each) => each.subarray(0, count)) };
  }
}
