import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../domain/errors.ts";
import { decodeFrame, encodeFrame } from "./frames.ts";

const coders = { encoder: new TextEncoder(), decoder: new TextDecoder("utf-8", { fatal: true }) };
const encode = (value: unknown): Uint8Array<ArrayBuffer> => encodeFrame(value, coders);
const decode = (frame: Uint8Array): unknown => decodeFrame(frame, coders);

// Properties try many values, on a machine that may be busy.
/** Nests arrays to a number of levels. */
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe("frames", { timeout: 60_000 }, () => {
  it("carry typed arrays of every type, at any path", () => {
    const value = {
      id: 7,
      signals: [Float32Array.of(1.5, Number.NaN, -2), new Float32Array(0)],
      deep: [{ samples: Uint32Array.of(4_294_967_295), marks: Uint8Array.of(1, 0, 1) }, null, "µV ♥"],
      rest: [Int8Array.of(-1), Int16Array.of(-32768), Uint16Array.of(65535), Int32Array.of(-5), Float64Array.of(0.1)],
    };
    expect(decode(encode(value))).toEqual(value);
  });

  it("carry a single array, and a view of a larger buffer", () => {
    const whole = Float32Array.from({ length: 10 }, (_, i) => i);
    expect(decode(encode(whole.subarray(3, 6)))).toEqual(Float32Array.of(3, 4, 5));
  });

  it("carry NaN and infinities", () => {
    const value = { loss: Number.NaN, best: [Infinity, -Infinity, 1] };
    expect(decode(encode(value))).toEqual(value);
    expect(decode(encode(Number.NaN))).toBeNaN();
  });

  it("are read from any offset of a buffer, including Node's buffers", () => {
    const frame = encode({ a: Float64Array.of(1, 2) });
    const moved = new Uint8Array(frame.length + 3);
    moved.set(frame, 3);
    expect(decode(moved.subarray(3))).toEqual({ a: Float64Array.of(1, 2) });
    expect(decode(Buffer.from(moved.buffer, 3))).toEqual({ a: Float64Array.of(1, 2) });
  });

  it("do not change the encoded value", () => {
    const rows = [{ a: 1, b: Number.NaN }];
    encode(rows);
    expect(rows).toEqual([{ a: 1, b: Number.NaN }]);
  });

  it("carry any plain value", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.double().filter((number) => !Object.is(number, -0)),
      fc.boolean(),
      fc.constant(null),
      fc.float32Array({ maxLength: 4 }),
      fc.int16Array({ maxLength: 4 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        value.filter((v) => !JSON.stringify(v).includes("__proto__")),
        (given) => {
          expect(decode(encode({ given }))).toEqual({ given });
        },
      ),
    );
  });

  it("are decoded to the same depth as they are encoded", () => {
    expect(decode(encode(nested(32)))).toEqual(nested(32));
    expect(() => encode(nested(33))).toThrow("nests too deep");
  });

  it("are refused by an EctopyError for any invalid bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decode(bytes)).toThrow(EctopyError);
      }),
    );
    const frame = encode({ signals: [Float32Array.of(1, 2, 3)], name: "a" });
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.nat(255), (place, byte) => {
        const changed = frame.slice();
        changed[place] = byte;
        try {
          decode(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
    );
  });

  it.each([
    ["an array longer than the frame", { value: { a: null }, arrays: [[["a"], "Float32Array", 1e9]], numbers: [] }],
    ["a missing path", { value: {}, arrays: [[["a", "b"], "Uint8Array", 0]], numbers: [] }],
    ["a path that is in use", { value: { a: 1 }, arrays: [[["a"], "Uint8Array", 0]], numbers: [] }],
    ["the prototype as a path", { value: {}, arrays: [], numbers: [[["__proto__", "x"], "NaN"]] }],
    ["a path to an inherited property", { value: {}, arrays: [], numbers: [[["constructor"], "NaN"]] }],
    [
      "a number's name that is not a string",
      { value: { a: null }, arrays: [], numbers: [[["a"], { toString: null }]] },
    ],
    ["a value that nests too deep", { value: nested(33), arrays: [], numbers: [] }],
    ["an unknown type", { value: { a: null }, arrays: [[["a"], "constructor", 0]], numbers: [] }],
  ])("rejects %s", (_, header) => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const frame = new Uint8Array(4 + text.length);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expect(() => decode(frame)).toThrow(/can't be read/);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
