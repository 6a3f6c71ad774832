import { describe, expect, it } from "vitest";
import { baselineOf, runsOf } from "./addresses.ts";

describe("the address of a comparison", () => {
  it("names runs, each once, and ignores invalid numbers", () => {
    expect(runsOf({ runs: "3,1,3,x,-2,0,2.5,7" })).toEqual([3, 1, 7]);
    expect(runsOf({ runs: "3,1e40,18446744073709551616,7" })).toEqual([3, 7]);
    expect(runsOf({})).toEqual([]);
    expect(runsOf({ runs: ["1", "2"] })).toEqual([]);
  });

  it("names a baseline among the runs, else it is the first", () => {
    expect(baselineOf({ against: "7" }, [3, 7])).toBe(7);
    expect(baselineOf({ against: "9" }, [3, 7])).toBe(3);
    expect(baselineOf({}, [])).toBeNull();
  });
});
