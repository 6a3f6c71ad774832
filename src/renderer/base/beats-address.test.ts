import { describe, expect, it } from "vitest";
import { beatsFromAddress, routeToBeats, type BeatChoice } from "./beats-address.ts";

const LABELS = ["A", "N", "a", "/"];
const queryOf = (route: string) => Object.fromEntries(new URL(route, "http://here").searchParams);

describe("the address of beats", () => {
  it("contains only what differs from the default", () => {
    expect(routeToBeats(3, {})).toBe("/runs/3/beats");
    expect(routeToBeats(3, { truth: "V", predicted: "N", order: "most-confident", beat: 0 })).toBe(
      "/runs/3/beats?truth=V&predicted=N",
    );
  });

  it.each<BeatChoice>([
    { truth: "/", predicted: "a", record: "a b&c", errors: true, order: "least-confident", beat: 40, why: true },
    { truth: null, predicted: "A", record: null, errors: true, order: "record", beat: 0, why: false },
    { truth: null, predicted: null, record: null, errors: false, order: "most-confident", beat: 7, why: false },
  ])("restores %j", (choice) => {
    expect(beatsFromAddress(queryOf(routeToBeats(1, choice)), LABELS)).toEqual(choice);
  });

  it("ignores unknown values", () => {
    expect(
      beatsFromAddress(
        { truth: "V", predicted: ["A", "N"], record: "", errors: "yes", order: "sideways", beat: "-1", why: "yes" },
        LABELS,
      ),
    ).toEqual({
      truth: null,
      predicted: null,
      record: null,
      errors: false,
      order: "most-confident",
      beat: 0,
      why: false,
    });
  });
});
