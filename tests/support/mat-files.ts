/** Makes MAT files of level 4 and 5 from their specification. */
import { deflateSync } from "node:zlib";
import type { NumberKind } from "../../src/pipeline/recordings/challenge-mat/mat-arrays.ts";

export interface MatVariable {
  name: string;
  rows: number;
  columns: number;
  kind: NumberKind;
  /** Column by column. */
  numbers: readonly number[];
}

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const level4Digits = { float64: 0, float32: 1, int32: 2, int16: 3, uint16: 4, uint8: 5, int8: 5, uint32: 2 };
const level5Types = { int8: 1, uint8: 2, int16: 3, uint16: 4, int32: 5, uint32: 6, float32: 7, float64: 9 };
const classes = { int8: 8, uint8: 9, int16: 10, uint16: 11, int32: 12, uint32: 13, float32: 7, float64: 6 };

function numberBytes({ kind, numbers }: MatVariable): Uint8Array {
  return new Uint8Array(arrays[kind].from(numbers).buffer);
}

export function makeMat4(variables: readonly MatVariable[]): Uint8Array {
  const parts = variables.flatMap((variable) => {
    const { name, rows, columns, kind } = variable;
    const header = Int32Array.of(10 * level4Digits[kind], rows, columns, 0, name.length + 1);
    return [new Uint8Array(header.buffer), Buffer.from(`${name}\0`), numberBytes(variable)];
  });
  return new Uint8Array(Buffer.concat(parts));
}

function element(type: number, data: Uint8Array): Uint8Array {
  const padding = new Uint8Array((8 - (data.length % 8)) % 8);
  return new Uint8Array(Buffer.concat([new Uint8Array(Uint32Array.of(type, data.length).buffer), data, padding]));
}

function matrix(
  name: string,
  matrixClass: number,
  dimensions: readonly number[],
  rest: readonly Uint8Array[],
): Uint8Array {
  const parts = [
    element(6, new Uint8Array(Uint32Array.of(matrixClass, 0).buffer)),
    element(5, new Uint8Array(Int32Array.from(dimensions).buffer)),
    element(1, Buffer.from(name)),
    ...rest,
  ];
  return element(14, new Uint8Array(Buffer.concat(parts)));
}

function numeric(variable: MatVariable, name = variable.name): Uint8Array {
  const { rows, columns, kind } = variable;
  return matrix(name, classes[kind], [rows, columns], [element(level5Types[kind], numberBytes(variable))]);
}

/** @param struct name of a struct that has the variables as fields; null: they are variables of the file */
export function makeMat5(
  variables: readonly MatVariable[],
  { isCompressed = false, struct = null }: { isCompressed?: boolean; struct?: string | null } = {},
): Uint8Array {
  const header = Buffer.alloc(128, " ");
  header.write("MATLAB 5.0 MAT-file, Platform: test");
  header.writeUInt16LE(0x0100, 124);
  header.write("IM", 126);
  const fieldLength = 16;
  const fields = Buffer.concat(variables.map(({ name }) => Buffer.concat([Buffer.from(name)], fieldLength)));
  const elements =
    struct === null
      ? variables.map((variable) => numeric(variable))
      : [
          matrix(
            struct,
            2,
            [1, 1],
            [
              new Uint8Array(Uint32Array.of((4 << 16) | 5, fieldLength).buffer),
              element(1, fields),
              ...variables.map((variable) => numeric(variable, "")),
            ],
          ),
        ];
  const stored = elements.map((each) => {
    if (!isCompressed) return each;
    const data = deflateSync(each);
    return Buffer.concat([new Uint8Array(Uint32Array.of(15, data.length).buffer), data]);
  });
  return new Uint8Array(Buffer.concat([header, ...stored]));
}
