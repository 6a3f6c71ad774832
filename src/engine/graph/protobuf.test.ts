import { describe, expect, it } from "vitest";
import { bool, bytes, encode, float, integer, integers, message, string } from "./protobuf.ts";

const hex = (fields: readonly Uint8Array[]): string => Buffer.from(encode(fields)).toString("hex");

// The examples of https://protobuf.dev/programming-guides/encoding, and arithmetic by hand.
describe("protocol buffers", () => {
  it("encode integers as varints", () => {
    expect(hex(integer(1, 150))).toBe("089601");
    expect(hex(integer(1, 0))).toBe("0800");
    expect(hex(integer(3, -2))).toBe("18feffffffffffffffff01");
    expect(hex(integer(16, 1))).toBe("800101");
    expect(hex(bool(5, true))).toBe("2801");
  });

  it("encode text, bytes and packed numbers by length", () => {
    expect(hex(string(2, "testing"))).toBe("120774657374696e67");
    expect(hex(bytes(4, Uint8Array.of(1, 2)))).toBe("22020102");
    expect(hex(integers(6, [3, 270, 86942]))).toBe("3206038e029ea705");
  });

  it("nest messages", () => {
    expect(hex(message(3, integer(1, 150)))).toBe("1a03089601");
    expect(hex(message(1, []))).toBe("0a00");
  });

  it("encode float32 in little-endian order", () => {
    expect(hex(float(4, 1))).toBe("250000803f");
  });
});
