import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterText, parseClusterText } from "./cluster-text.ts";

describe("text form of a cluster folder's values", () => {
  it("gives back every number and every Float32Array", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.double().filter((number) => !Object.is(number, -0)),
        fc.string(),
        fc.constant(null),
        fc.float32Array({ maxLength: 8 }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (given) => {
        const text = clusterText(given);
        expect(text).not.toContain("\n");
        expect(parseClusterText(text)).toEqual(given);
      }),
    );
  });

  it("keeps NaN and the infinities apart", () => {
    expect(parseClusterText(clusterText([NaN, Infinity, -Infinity]))).toEqual([NaN, Infinity, -Infinity]);
  });
});
