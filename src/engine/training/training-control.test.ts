import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { TrainingControl } from "./training-control.ts";
import { beginning } from "./training-state.ts";

function controlled(): { control: TrainingControl; said: string[]; step: () => Promise<void> | undefined } {
  const said: string[] = [];
  const control = new TrainingControl({
    onPaused: () => said.push("paused"),
    onContinued: () => said.push("continued"),
    writeCheckpoint: (folder, { seconds }) => said.push(`checkpoint ${folder} at ${seconds}`),
  });
  let seconds = 0;
  return { control, said, step: () => control.between(() => ({ ...beginning(), seconds: ++seconds })) };
}

describe("a training's control", () => {
  it("asks nothing of a training that nothing is asked of", () => {
    expect(controlled().step()).toBeUndefined();
  });

  it("has a checkpoint written once, and lets the training go on", async () => {
    const { control, said, step } = controlled();
    control.requestCheckpoint("a");
    await step();
    expect(said).toEqual(["checkpoint a at 1"]);
    expect(step()).toBeUndefined();
  });

  it("holds a training that is paused until it is told to continue; checkpoints are written meanwhile", async () => {
    const { control, said, step } = controlled();
    control.setPaused(true);
    let ended = false;
    const waiting = step()!.then(() => (ended = true));
    await setImmediate();
    expect(said).toEqual(["paused"]);
    control.requestCheckpoint("b");
    await setImmediate();
    expect(said).toEqual(["paused", "checkpoint b at 1"]);
    expect(ended).toBe(false);
    control.setPaused(false);
    await waiting;
    expect(said).toEqual(["paused", "checkpoint b at 1", "continued"]);
    expect(step()).toBeUndefined();
  });

  it("does not hold a training that is to stop", async () => {
    const { control, said, step } = controlled();
    control.setPaused(true);
    const waiting = step();
    await setImmediate();
    control.cancel();
    await waiting;
    expect(control.signal.aborted).toBe(true);
    expect(said).toEqual(["paused", "continued"]);
  });
});
