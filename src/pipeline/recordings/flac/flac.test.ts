import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, goldenFlac, type GoldenFlac } from "../../../../tests/support/flac-files.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { parseRecord } from "../wfdb/record.ts";
import type { RecordFiles } from "../wfdb/wfdb-source.ts";
import { BitReader, OutOfBitsError } from "./bit-reader.ts";
import { crc16, crc8 } from "./checksums.ts";
import { FlacStream } from "./stream.ts";

function samplesOf(stream: FlacStream, from = 0, to = stream.length): number[][] {
  const samples = Array.from({ length: stream.channels }, (): number[] => []);
  stream.read(from, to, (channels, first) => {
    const [start, end] = [Math.max(0, from - first), to - first];
    for (const [i, channel] of channels.entries()) samples[i].push(...channel.subarray(start, end));
  });
  return samples;
}

/** MD5 of the samples in the order of STREAMINFO: interleaved, low byte first (RFC 9639, 8.2). */
function md5Of(samples: number[][], bits: number): string {
  const size = bits / 8;
  const bytes = samples[0].flatMap((_, i) =>
    samples.flatMap((channel) => Array.from({ length: size }, (__, byte) => (channel[i] >> (8 * byte)) & 0xff)),
  );
  return createHash("md5").update(Uint8Array.from(bytes)).digest("hex");
}

describe("a FLAC stream", () => {
  it.each(goldenFlac)("has the samples of libsndfile: $name", (each) => {
    const bytes = bytesOf(each);
    const stream = new FlacStream(bytes, "r.dat");
    const samples = samplesOf(stream);
    expect(samples.map((channel) => channel.slice(0, 5))).toEqual(each.first);
    expect(samples.map((channel) => channel.reduce((sum, value) => sum + value, 0))).toEqual(each.sums);
    expect(md5Of(samples, stream.bits)).toBe(Buffer.from(bytes.subarray(26, 42)).toString("hex"));
  });

  it("gives any range of its samples, in any order", () => {
    const stream = new FlacStream(bytesOf(goldenFlac.at(-1)!), "r.dat");
    const [all] = samplesOf(stream);
    for (const [from, to] of [
      [8000, 9000],
      [0, 10],
      [4090, 4100],
      [100, 8999],
    ]) {
      expect(samplesOf(stream, from, to)).toEqual([all.slice(from, to)]);
    }
  });

  it("counts its samples where the stream does not state them", () => {
    for (const each of goldenFlac) {
      const bytes = bytesOf(each);
      const { length } = new FlacStream(bytes, "r.dat");
      bytes[21] &= 0xf0;
      bytes.fill(0, 22, 26);
      expect(new FlacStream(bytes, "r.dat").length).toBe(length);
    }
  });

  it("names the position of a damaged or missing frame", () => {
    const bytes = bytesOf(goldenFlac[0]);
    const changed = bytes.slice();
    changed[bytes.length - 40] ^= 4;
    expect(() => samplesOf(new FlacStream(changed, "r.dat"))).toThrow(
      /r\.dat is no sound FLAC file: the frame at byte \d+ /,
    );
    expect(() => samplesOf(new FlacStream(bytes.subarray(0, -30), "r.dat"))).toThrow(/the frame at byte \d+ is cut/);
    expect(() => new FlacStream(bytes.subarray(0, 20), "r.dat")).toThrow("its metadata are cut");
    expect(() => new FlacStream(Uint8Array.of(1, 2, 3, 4, 5), "r.dat")).toThrow("it does not begin with fLaC");
  });

  it("yields samples or an EctopyError for any changed bytes", () => {
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...goldenFlac), changes, (each, places) => {
        const bytes = bytesOf(each);
        for (const [place, byte] of places) bytes[Math.floor(place * (bytes.length - 1))] = byte;
        try {
          const stream = new FlacStream(bytes, "r.dat");
          samplesOf(stream, 0, Math.min(stream.length, 20_000));
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});

describe("the bit reader", () => {
  it("reads numbers of any width, and the zeros before a one", () => {
    const reader = new BitReader(Uint8Array.of(0b10110000, 0, 0, 0, 0b00001111, 0xff, 0xff, 0xff, 0xfe));
    expect([reader.unsigned(1), reader.signed(3), reader.unary()]).toEqual([1, 3, 32]);
    expect([reader.unsigned(0), reader.signed(32), reader.nextByte]).toEqual([0, -1, 9]);
    expect(() => reader.unsigned(8)).toThrow(OutOfBitsError);
    expect(() => new BitReader(new Uint8Array(9)).unary()).toThrow(OutOfBitsError);
  });
});

it("has the checksums of the RFC's example", () => {
  // RFC 9639, appendix D.1: the only frame of the first example.
  const frame = Uint8Array.from([
    0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58, 0xfd, 0x03, 0x12, 0x8b, 0xaa, 0x9a,
  ]);
  expect(crc8(frame, 6)).toBe(frame[6]);
  expect(crc16(frame, 13)).toBe((frame[13] << 8) | frame[14]);
});

describe("a WFDB record that is compressed by FLAC", () => {
  const record = (each: GoldenFlac, lines: string[], frames: number): RecordFiles => ({
    name: "r",
    header: new TextEncoder().encode([`r ${lines.length} 250 ${frames}`, ...lines, ""].join("\n")),
    signals: new Map([["r.dat", bytesOf(each)]]),
    annotator: "atr",
    annotations: null,
  });
  const lines = (format: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `r.dat ${format} 200 16 0 0 0 0 lead ${i}`);

  it.each([
    ["five channels, 24 bits with wasted ones", "524", 5],
    ["stereo, alike", "516", 2],
    ["8 bits, three channels, fast", "508", 3],
    ["8 bits, three channels, fast", "516", 3],
  ])("has a channel for each signal: %s in format %s", (name, format, count) => {
    const each = goldenFlac.find((one) => one.name === name)!;
    const { recording } = parseRecord(record(each, lines(format, count), 700));
    expect(recording.signals.map(({ samples }) => [...samples])).toEqual(samplesOf(new FlacStream(bytesOf(each), "")));
  });

  it("has several samples in a frame, an offset and a skew", () => {
    const each = goldenFlac[1];
    const [left, right] = samplesOf(new FlacStream(bytesOf(each), ""));
    const framed = parseRecord(record(each, lines("516x2", 2), 350)).recording;
    expect(framed.signals.map(({ samples }) => [...samples])).toEqual([left, right]);
    const [first, second] = lines("516+30", 2);
    const moved = parseRecord(record(each, [first, second.replace("516", "516:4")], 600)).recording;
    expect([...moved.signals[0].samples]).toEqual(left.slice(30, 630));
    // The record's length bounds the frames of its file, so that the last samples of a signal with a skew are missing.
    expect([...moved.signals[1].samples].slice(0, 596)).toEqual(right.slice(34, 630));
  });

  it("is refused where header and stream differ", () => {
    expect(() => parseRecord(record(goldenFlac[1], lines("516", 3), 700))).toThrow(
      "has 2 channels, and its header has 3",
    );
    expect(() => parseRecord(record(goldenFlac[1], lines("508", 2), 700))).toThrow(
      "samples of 16 bits, and its header has",
    );
    const rates = [lines("516x2", 1)[0], lines("516", 1)[0]];
    expect(() => parseRecord(record(goldenFlac[1], rates, 350))).toThrow("signals of different rates");
  });
});
