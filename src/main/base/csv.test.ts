import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine, float32 } from "./csv.ts";

/** A reader of RFC 4180, by its grammar. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const isHarmless = (text: string): boolean => !/^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u.test(text);

describe("csvLine", () => {
  it("writes any text so that a reader gets the same text", () => {
    const text = fc.string({ unit: "binary" }).filter(isHarmless);
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2 }), { maxLength: 4 }), (rows) => {
        expect(read(rows.map(csvLine).join(""))).toEqual(rows);
      }),
    );
  });

  it("writes every digit of a number, and an empty field for one that is not finite", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const [[field]] = read(csvLine([value]));
        if (Number.isFinite(value)) expect(Number(field)).toBe(value === 0 ? 0 : value);
        else expect(field).toBe("");
      }),
    );
    expect(csvLine([null, true, -0.5, 1e-7])).toBe(",true,-0.5,1e-7\r\n");
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "\r=1", "＝1"])(
    "makes text of the formula %j",
    (text) => {
      expect(read(csvLine([text, "b"]))).toEqual([[`'${text}`, "b"]]);
    },
  );
});

describe("float32", () => {
  it("returns at most nine digits that give the same float32", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const written = float32(value);
        // Adding 0 makes −0 one with it: it is written as 0.
        expect(Math.fround(written) + 0).toBe(value + 0);
        expect(
          String(Math.abs(written)).replace(/e.*/, "").replace(".", "").replace(/^0+/, "").replace(/0+$/, "").length,
        ).toBeLessThan(10);
      }),
    );
  });
});
