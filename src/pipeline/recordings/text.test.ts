import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, decodeUtf8, encodeUtf8 } from "./text.ts";

describe("decodeText", () => {
  it("decodes UTF-8 as the platform does, and names what is none", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }).map(encodeUtf8)), (bytes) => {
        let expected: string | null;
        try {
          expected = strict.decode(bytes);
        } catch {
          expected = null;
        }
        expect(decodeUtf8(bytes)).toBe(expected);
      }),
      { seed: 1 },
    );
  });

  it("falls back to Windows-1252", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(decodeText(bytes)).toBe(new TextDecoder("windows-1252").decode(bytes));
    expect(decodeText(Uint8Array.of(0xb5, 0x56))).toBe("µV");
  });

  it("drops a byte order mark", () => {
    expect(decodeText(encodeUtf8("\ufeffMLII"))).toBe("MLII");
  });
});

describe("encodeUtf8", () => {
  it("encodes as the platform does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
      }),
      { seed: 1 },
    );
    expect(encodeUtf8("\ud800")).toEqual(Uint8Array.of(0xef, 0xbf, 0xbd));
  });
});
