import { describe, expect, it } from "vitest";
import { knownRecord } from "./known-records.ts";
import { MITDB_HASHES } from "./mitdb-hashes.ts";
import { SampleHash } from "./sample-hash.ts";

const MISSING = -(2 ** 31);

function hashOf(samples: readonly number[], blocks = 1): string | null {
  const hash = new SampleHash(MISSING);
  const size = Math.ceil(samples.length / blocks);
  for (let from = 0; from < samples.length; from += size) hash.add(Int32Array.from(samples.slice(from, from + size)));
  return hash.result();
}

const samples = Array.from({ length: 1000 }, (_, i) => Math.round(500 * Math.sin(i / 7)));

describe("the hash of a lead", () => {
  it("does not depend on blocks, or on an offset of all samples", () => {
    expect(hashOf(samples, 7)).toBe(hashOf(samples));
    expect(hashOf(samples.map((sample) => sample + 1024))).toBe(hashOf(samples));
  });

  it("changes with one sample, the order, the length, and a gap", () => {
    const others = [
      samples.with(500, samples[500] + 1),
      samples.toReversed(),
      samples.slice(1),
      samples.with(500, MISSING),
      [...samples, samples.at(-1)!],
    ];
    const hashes = new Set([samples, ...others].map((each) => hashOf(each)));
    expect(hashes.size).toBe(6);
    expect([...hashes].every((hash) => /^[0-9a-f]{16}$/.test(hash ?? ""))).toBe(true);
  });

  it("is null for a flat lead and for one without samples: those are equal in many recordings", () => {
    expect(hashOf([5, 5, 5, MISSING])).toBeNull();
    expect(hashOf([MISSING, MISSING])).toBeNull();
    expect(hashOf([])).toBeNull();
  });
});

describe("public recordings", () => {
  it("are the 48 records of MIT-BIH, each with a file and two leads that no other has", () => {
    const lines = MITDB_HASHES.trim()
      .split("\n")
      .map((line) => line.split(" "));
    expect(lines).toHaveLength(48);
    const hashes = lines.flatMap(([, ...own]) => own);
    expect(new Set(hashes).size).toBe(3 * 48);
  });

  it("are recognised by one lead or by the signal file, and by nothing else", () => {
    expect(knownRecord({ hashes: [null, "f4fcd3ddf6d63eb2"] })).toBe("mitdb/100");
    const sha256 = "b2ea3c250e56e48f4b7b90697832b8ecd1afa1e0bb31f2dcfea4ed6e1075a639";
    expect(knownRecord({ files: [sha256] })).toBe("mitdb/100");
    expect(knownRecord({ hashes: [null, "0000000000000000"], files: ["0".repeat(64)] })).toBeNull();
  });
});
