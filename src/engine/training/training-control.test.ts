import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { TrainingControl } from "./training-control.ts";
import { beginning } from "./training-state.ts";

function controlled(): { control: TrainingControl; events: string[]; step: () => Promise<void> | undefined } {
  const events: string[] = [];
  const control = new TrainingControl({
    onPaused: () => events.push("paused"),
    onContinued: () => events.push("continued"),
    writeCheckpoint: (folder, { seconds }) => events.push(`checkpoint ${folder} at ${seconds}`),
  });
  let seconds = 0;
  return { control, events, step: () => control.between(() => ({ ...beginning(), seconds: ++seconds })) };
}

describe("TrainingControl", () => {
  it("returns undefined without a request", () => {
    expect(controlled().step()).toBeUndefined();
  });

  it("writes a requested checkpoint once, and continues the training", async () => {
    const { control, events, step } = controlled();
    control.requestCheckpoint("a");
    await step();
    expect(events).toEqual(["checkpoint a at 1"]);
    expect(step()).toBeUndefined();
  });

  it("pauses a training until it is continued, and writes checkpoints meanwhile", async () => {
    const { control, events, step } = controlled();
    control.setPaused(true);
    let ended = false;
    const waiting = step()!.then(() => (ended = true));
    await setImmediate();
    expect(events).toEqual(["paused"]);
    control.requestCheckpoint("b");
    await setImmediate();
    expect(events).toEqual(["paused", "checkpoint b at 1"]);
    expect(ended).toBe(false);
    control.setPaused(false);
    await waiting;
    expect(events).toEqual(["paused", "checkpoint b at 1", "continued"]);
    expect(step()).toBeUndefined();
  });

  it("ends the pause of a training that is stopped", async () => {
    const { control, events, step } = controlled();
    control.setPaused(true);
    const waiting = step();
    await setImmediate();
    control.cancel();
    await waiting;
    expect(control.signal.aborted).toBe(true);
    expect(events).toEqual(["paused", "continued"]);
  });
});
