import { describe, expect, it } from "vitest";
import { routeToDataset, routeToRecord, timeForAddress, timeFromAddress } from "./recording-address.ts";

describe("addresses of recordings", () => {
  it("are stable, because users save and share them", () => {
    expect(routeToDataset(3)).toBe("/recordings/3");
    expect(routeToRecord(3, "100")).toBe("/recordings/3/100");
    expect(routeToRecord(3, "100", 66_792 / 360)).toBe("/recordings/3/100?t=185.533");
    expect(routeToRecord(1, "a/b?", 0)).toBe("/recordings/1/a%2Fb%3F?t=0");
  });

  it("restore their time", () => expect(timeFromAddress(timeForAddress(185.5334))).toBe(185.533));

  it.each([undefined, null, "", "-1", "abc", "1e9", "NaN", ["1"], "12345678901"])("find no time in %j", (query) =>
    expect(timeFromAddress(query)).toBeNull(),
  );
});
