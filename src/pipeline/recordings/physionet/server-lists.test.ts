import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { filesOfRecords, parseChecksums, parseRecordNames } from "./server-lists.ts";

const A = "a".repeat(64);
const B = "0123456789abcdef".repeat(4);

function codeOf(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    if (error instanceof EctopyError) return error.code;
    throw error;
  }
  return "none";
}

describe("SHA256SUMS.txt", () => {
  it("is read in sha256sum's format, with hashes in upper or lower case", () => {
    const sums = parseChecksums(`${A}  100.dat\n${B.toUpperCase()} *mitdbdir/src/intro.txt\r\n\nsigned by nobody\n`);
    expect([...sums]).toEqual([
      ["100.dat", A],
      ["mitdbdir/src/intro.txt", B],
    ]);
  });

  it("yields complete hashes for any text, and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((name) => `${A}  ${name}`),
        ),
        (text) => {
          for (const sha256 of parseChecksums(text).values()) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        },
      ),
    );
  });

  it("is read for any files", () => {
    const path = fc.stringMatching(/^[\w./-]{1,30}$/);
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(path, hash), { selector: ([name]) => name }), (files) => {
        const text = files.map(([name, sha256]) => `${sha256}  ${name}\n`).join("");
        expect([...parseChecksums(text)]).toEqual(files);
      }),
    );
  });
});

describe("RECORDS", () => {
  it("lists each record once, in the order of the file", () => {
    expect(parseRecordNames("102\n100\r\n\n100\nI_01-b\n")).toEqual(["102", "100", "I_01-b"]);
  });

  it.each(["../100", "a/b", "/etc/passwd", "C:x", "..", "100.dat", "a b", "x".repeat(101), "ü", "100\0", "nul"])(
    "is refused where it holds %j",
    (name) => {
      expect(codeOf(() => parseRecordNames(`100\n${name}\n`))).toBe("unsafe-path");
    },
  );

  it.each([
    ["nothing", " \n\n"],
    ["a page", "\n<!doctype html><title>Sign in</title>"],
    ["too many", Array.from({ length: 10_001 }, (_, i) => i).join("\n")],
  ])("is refused with %s", (_what, text) => {
    expect(codeOf(() => parseRecordNames(text))).toBe("server-unsuitable");
  });

  it("yields plain names or an EctopyError for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[\w./\\\n-]*$/)), (text) => {
        try {
          for (const name of parseRecordNames(text)) expect(name).toMatch(/^[\w-]{1,100}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
    );
  });
});

describe("the files of records", () => {
  const sums = parseChecksums(["hea", "dat", "atr", "xws"].map((ending) => `${A}  100.${ending}`).join("\n"));

  it("are header, signals and annotations of each record only", () => {
    expect(filesOfRecords(["100"], sums).map(({ name }) => name)).toEqual(["100.hea", "100.dat", "100.atr"]);
  });

  it("all need a checksum", () => {
    expect(codeOf(() => filesOfRecords(["100", "101"], sums))).toBe("server-unsuitable");
  });
});
