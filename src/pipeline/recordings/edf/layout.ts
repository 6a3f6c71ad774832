/** Positions of an EDF file's data records and samples, and its frames. */
import type { EdfHeader, EdfSignal } from "./header.ts";

/** Bytes of a data record that may be absent where no record is complete: more would cost memory for missing samples. */
const MAX_ABSENT_BYTES = 1 << 20;

export interface EdfLayout {
  /** Signals with samples, without annotations. */
  signals: { signal: EdfSignal; samplesPerFrame: number; /** Number in the file, from 1. */ number: number }[];
  /** Frames per second. */
  frameRate: number;
  framesPerRecord: number;
  /** Highest number of samples in a frame. */
  samplesPerFrame: number;
  recordBytes: number;
  /** Data records that are complete in the file. */
  wholeRecords: number;
  /** Frames of a last data record that is cut off; 0: there is none. */
  partialFrames: number;
  /** Byte after the last sample that is read. */
  dataEnd: number;
  /** Bytes after the last data record. */
  ignoredBytes: number;
}

/** @param length bytes of the file */
export function layOut(header: EdfHeader, length: number): EdfLayout {
  const { bytesPerSample, samplesPerRecord, dataOffset } = header;
  const signals = header.signals
    .map((signal, index) => ({ signal, number: index + 1 }))
    .filter(({ signal }) => !signal.isAnnotations && signal.samplesPerRecord > 0);
  const framesPerRecord = signals.reduce((divisor, { signal }) => commonDivisor(divisor, signal.samplesPerRecord), 0);
  const recordBytes = samplesPerRecord * bytesPerSample;
  const dataBytes = length - dataOffset;
  const stored = recordBytes === 0 ? 0 : Math.floor(dataBytes / recordBytes);
  // A recorder that was interrupted leaves −1 or 0.
  const announced = header.records === null || header.records === 0 ? Infinity : header.records;
  const wholeRecords = Math.min(stored, announced);
  const rest = dataBytes - wholeRecords * recordBytes;
  const isCut = wholeRecords < announced && rest > 0 && recordBytes <= 4 * dataBytes + MAX_ABSENT_BYTES;
  const laidOut = signals.map(({ signal, number }) => {
    return { signal, number, samplesPerFrame: signal.samplesPerRecord / framesPerRecord };
  });
  const partialFrames = isCut ? framesIn(rest, laidOut, bytesPerSample) : 0;
  const dataEnd = dataOffset + wholeRecords * recordBytes + (partialFrames > 0 ? rest : 0);
  return {
    signals: laidOut,
    frameRate: roundedRate((framesPerRecord || 1) / header.recordSeconds),
    framesPerRecord,
    samplesPerFrame: Math.max(1, ...laidOut.map(({ samplesPerFrame }) => samplesPerFrame)),
    recordBytes,
    wholeRecords,
    partialFrames,
    dataEnd,
    ignoredBytes: length - dataEnd,
  };
}

/** Returns the frames of a data record of which at least one sample lies in its first bytes. */
function framesIn(bytes: number, signals: EdfLayout["signals"], bytesPerSample: number): number {
  const frames = signals.map(({ signal, samplesPerFrame }) => {
    const samples = Math.floor(bytes / bytesPerSample) - signal.offset;
    return Math.ceil(Math.min(Math.max(0, samples), signal.samplesPerRecord) / samplesPerFrame);
  });
  return Math.max(0, ...frames);
}

/** A duration has eight characters: a rate that is an integer but for their rounding is that integer. */
function roundedRate(rate: number): number {
  const rounded = Math.round(rate);
  return rounded > 0 && Math.abs(rate - rounded) < 1e-9 * rounded ? rounded : rate;
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
