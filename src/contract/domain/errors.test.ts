import { describe, expect, it } from "vitest";
import { CancelledError, damageOf, EctopyError, errorFromReport, reportError } from "./errors.ts";
import { decodeFrame, encodeFrame } from "../api/frames.ts";
import type { ServerMessage } from "../api/messages.ts";

const subject = { kind: "preparations", id: 3 } as const;
const about = new EctopyError("damaged-file", "test.u32 has changed.", "Prepare again.", { subject });

describe("the subject of an error", () => {
  it("is in the report, and in the error on the other side", () => {
    const report = reportError(about);
    expect(report).toEqual({ code: "damaged-file", message: "test.u32 has changed.", fix: "Prepare again.", subject });
    expect(errorFromReport(report)).toMatchObject({ code: "damaged-file", subject });
  });

  it.each<[string, (report: unknown) => unknown]>([
    ["a message between threads or processes", structuredClone],
    ["the database", (report): unknown => JSON.parse(JSON.stringify(report))],
    [
      "the socket",
      (error) => {
        const sent = encodeFrame({ id: 1, ok: false, error }, { encoder: new TextEncoder() });
        const received = decodeFrame(sent, { decoder: new TextDecoder() }) as Extract<ServerMessage, { ok: false }>;
        return received.error;
      },
    ],
  ])("survives %s", (_, carry) => {
    expect(carry(reportError(about))).toEqual(reportError(about));
  });

  it("is absent from the report of an error without a subject", () => {
    expect(reportError(new EctopyError("usage", "No.", "Do."))).toEqual({ code: "usage", message: "No.", fix: "Do." });
  });
});

describe("damageOf", () => {
  it("adds the item with the damaged or missing files", () => {
    for (const code of ["damaged-file", "not-found"] as const) {
      const cause = new EctopyError(code, "beats.f32 is truncated.", "Prepare again.");
      expect(damageOf(subject, cause)).toMatchObject({ code, message: cause.message, fix: cause.fix, subject, cause });
    }
  });

  it("does not change other errors, or an existing subject", () => {
    for (const error of [
      about,
      new EctopyError("disk-full", "Full.", "Free."),
      new CancelledError(),
      new Error("x"),
      1,
    ])
      expect(damageOf({ kind: "datasets", id: 1 }, error)).toBe(error);
  });
});
