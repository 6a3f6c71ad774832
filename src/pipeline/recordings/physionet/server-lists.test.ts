import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { FilesOfRecords, parseAnnotators, parseChecksums, parseRecordNames, recordsOfFiles } from "./server-lists.ts";

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

function sumsOf(...paths: string[]): ReturnType<typeof parseChecksums> {
  return parseChecksums(paths.map((path) => `${A}  ${path}`).join("\n"));
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
    const path = fc.stringMatching(/^\w[\w./-]{0,29}$/);
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
    expect(parseRecordNames("102\n100\r\n\n100\nI_01-b\n").records).toEqual(["102", "100", "I_01-b"]);
  });

  it("lists records in folders, files of EDF, and folders with lists", () => {
    const { records, folders } = parseRecordNames("chb01/chb01_01.edf\n./b\ntraining/\n", "data/");
    expect(records).toEqual(["data/chb01/chb01_01.edf", "data/b"]);
    expect(folders).toEqual(["data/training/"]);
  });

  it.each(["../100", "a/../b", "a//b", "/etc/passwd", "C:x", "..", "a b", "x".repeat(101), "ü", "100\0", "nul", ".a"])(
    "is refused where it holds %j",
    (name) => {
      expect(codeOf(() => parseRecordNames(`100\n${name}\n`))).toBe("unsafe-path");
    },
  );

  it.each([
    ["nothing", " \n\n"],
    ["a page", "\n<!doctype html><title>Sign in</title>"],
    ["too many", Array.from({ length: 200_001 }, (_, i) => i).join("\n")],
  ])("is refused with %s", (_what, text) => {
    expect(codeOf(() => parseRecordNames(text))).toBe("server-unsuitable");
  });

  it("yields paths below the folder or an EctopyError for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[\w./\\\n-]*$/)), (text) => {
        try {
          for (const name of parseRecordNames(text).records) {
            for (const part of name.split("/")) expect(part).toMatch(/^[\w+-][\w.+=-]{0,99}$/);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
    );
  });
});

describe("the files of a record", () => {
  const namesOf = (record: string, ...paths: string[]): string[] =>
    new FilesOfRecords(sumsOf(...paths)).of(record).map(({ name }) => name);

  it("are header, signals and all annotations, without pictures and pages", () => {
    const files = ["100.hea", "100.dat", "100.atr", "100.qrs", "100.xws", "100.png", "1000.hea", "x/100.hea"];
    expect(namesOf("100", ...files)).toEqual(["100.hea", "100.dat", "100.atr", "100.qrs"]);
  });

  it("are those in its folder", () => {
    expect(namesOf("x_mitdb/x_108", "x_mitdb/x_108.hea", "x_108.hea")).toEqual(["x_mitdb/x_108.hea"]);
  });

  it("of an EDF file are the file, and the annotations beside it", () => {
    const files = ["c/a.edf", "c/a.edf.seizures", "c/a.hea", "c/b.edf"];
    expect(namesOf("c/a.edf", ...files)).toEqual(["c/a.edf", "c/a.edf.seizures", "c/a.hea"]);
  });

  it("need a checksum", () => {
    expect(codeOf(() => namesOf("101", "100.hea"))).toBe("server-unsuitable");
  });

  it("named by a header are signal files and segments", () => {
    const files = new FilesOfRecords(sumsOf("p/w.hea", "p/w_1.hea", "p/w_1.dat", "p/shared.dat", "other.dat"));
    expect(files.namedBy("p/w.hea", "w/2 1 360\nw_1 100\n~ 20\n").map(({ name }) => name)).toEqual([
      "p/w_1.hea",
      "p/w_1.dat",
    ]);
    const header = "# a comment\nw 2 360\nshared.dat 16\n../other.dat 16\n";
    expect(files.namedBy("p/w.hea", header).map(({ name }) => name)).toEqual(["p/shared.dat"]);
  });
});

describe("a database without a list", () => {
  it("has the records of its headers and its EDF files", () => {
    expect(recordsOfFiles(sumsOf("a.hea", "a.dat", "b/c.edf", "../d.hea"))).toEqual(["a", "b/c.edf"]);
  });
});

describe("ANNOTATORS", () => {
  it("has names with descriptions", () => {
    expect(parseAnnotators("atr\treference beat annotations\nqrs  unaudited\r\n\nst-\n")).toEqual([
      { name: "atr", about: "reference beat annotations" },
      { name: "qrs", about: "unaudited" },
      { name: "st-", about: "" },
    ]);
  });
});
