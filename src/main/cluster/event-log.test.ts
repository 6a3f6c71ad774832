import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainingEvent } from "../../engine/processes/training-messages.ts";
import { EventLog, readEvents } from "./event-log.ts";

const steps = (firstStep: number): TrainingEvent => ({
  type: "steps",
  curves: { firstStep, losses: new Float32Array([0.5, NaN]), accuracies: new Float32Array([1, 0]) },
});

describe("events of an attempt", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ectopy events-"));
    path = join(folder, "events.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are read as they were added, without those that the workspace does not store", () => {
    const log = new EventLog(path, null);
    log.add(steps(1));
    log.add({
      type: "progress",
      progress: { epoch: 1, epochs: 2, step: 1, steps: 4, loss: 1, accuracy: 0, samplesPerSecond: 1 },
    });
    log.add({ type: "warning", message: "The GPU was lost." });
    const { bytes, sha256 } = log.close();
    expect(readEvents(path, 0, { bytes, sha256 })).toEqual({
      events: [steps(1), { type: "warning", message: "The GPU was lost." }],
      end: bytes,
    });
  });

  it("end before a line that a kill has cut off", () => {
    const log = new EventLog(path, null);
    log.add(steps(1));
    const { bytes } = log.close();
    appendFileSync(path, '{"type":"steps","curves":{"firstS');
    expect(readEvents(path)).toEqual({ events: [steps(1)], end: bytes });
    // Later lines are read from there.
    expect(readEvents(path, bytes)).toEqual({ events: [], end: bytes });
  });

  it("continue an earlier attempt at the length of its checkpoint", () => {
    const earlier = new EventLog(path, null);
    earlier.add(steps(1));
    const atCheckpoint = earlier.written.bytes;
    earlier.add(steps(3));
    earlier.close();
    const later = join(folder, "later.jsonl");
    const log = new EventLog(later, { path, bytes: atCheckpoint });
    log.add(steps(3));
    log.close();
    expect(readEvents(later).events).toEqual([steps(1), steps(3)]);
  });

  it("are refused where a line, or the hash of all, is wrong", () => {
    const log = new EventLog(path, null);
    log.add(steps(1));
    const expected = log.close();
    writeFileSync(path, "{}\n");
    expect(() => readEvents(path)).toThrow(/events\.jsonl is damaged/);
    expect(() => readEvents(path, 0, expected)).toThrow(/events\.jsonl is damaged/);
  });
});
