import { describe, expect, it } from "vitest";
import { eventRow, eventsPerHour } from "./event-rows.ts";
import { ALL_BEATS, type EventGroup } from "./events.ts";

const group = (key: string, kind: EventGroup["kind"], starts: number[], ends = starts): EventGroup => ({
  key,
  kind,
  label: key || "All beats",
  title: key,
  noun: key,
  colourSymbol: "",
  starts: Uint32Array.from(starts),
  ends: Uint32Array.from(ends),
});
const groups = [group(ALL_BEATS, "beat", [100, 180]), group("N", "beat", [100]), group("V", "beat", [180])];

const intervals = { samples: Uint32Array.of(180), seconds: Float32Array.of(0.8) };

describe("rows of the event list", () => {
  it("have the beat's type, its interval and its rate", () => {
    expect(eventRow({ group: groups[0], index: 1 }, groups, intervals, 100)).toEqual({
      index: 1,
      label: "V",
      time: "0:01.800",
      duration: "",
      rr: "800 ms",
      heartRate: "75 bpm",
    });
    expect(eventRow({ group: groups[1], index: 0 }, groups, intervals, 100)).toMatchObject({
      label: "N",
      rr: "",
      heartRate: "",
    });
  });

  it("have the duration of an episode", () => {
    expect(eventRow({ group: group("AFIB", "rhythm", [50], [250]), index: 0 }, groups, intervals, 100)).toMatchObject({
      duration: "2.00 s",
      rr: "",
    });
  });

  it("are counted per hour", () => {
    expect([eventsPerHour(5, 1800), eventsPerHour(2000, 1800)]).toEqual(["10.0", "4,000"]);
  });
});
