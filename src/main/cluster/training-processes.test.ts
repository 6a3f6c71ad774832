import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProcessEnd, ProcessListener, ProcessStart } from "../workers/processes/start-process.ts";
import { TrainingProcesses } from "./training-processes.ts";

const options: ProcessStart = { program: "training.ts", environment: { THREADS: "1" } };

describe("training processes of a worker", () => {
  let started: { listener: ProcessListener; sent: unknown[]; killed: boolean }[];
  let processes: TrainingProcesses;
  beforeEach(() => {
    vi.useFakeTimers();
    started = [];
    processes = new TrainingProcesses((_options, listener) => {
      const process = { listener, sent: [] as unknown[], killed: false };
      started.push(process);
      return {
        send: (message) => process.sent.push(message),
        kill: () => {
          process.killed = true;
          listener.onEnd({ status: null, signal: "SIGKILL" });
        },
      };
    });
  });
  afterEach(() => void vi.useRealTimers());

  /** Starts a run, and returns the process's handle with the events that the run's listener has received. */
  function start(changed: Partial<ProcessStart> = {}) {
    const messages: unknown[] = [];
    const ends: ProcessEnd[] = [];
    const running = processes.start(
      { ...options, ...changed },
      { onMessage: (message) => messages.push(message), onErrorOutput: () => {}, onEnd: (end) => ends.push(end) },
    );
    return { ...running, messages, ends };
  }
  const done = { type: "done" };

  it("train one run after another, each for its listener alone", () => {
    const first = start();
    started[0].listener.onMessage({ type: "device" });
    started[0].listener.onMessage(done);
    const second = start();
    second.send("start");
    started[0].listener.onMessage({ type: "epoch" });
    expect(started).toHaveLength(1);
    expect(started[0].sent).toEqual(["start"]);
    expect(first).toMatchObject({ messages: [{ type: "device" }, done], ends: [{ status: 0, signal: null }] });
    expect(second).toMatchObject({ messages: [{ type: "epoch" }], ends: [] });
    started[0].listener.onEnd({ status: 1, signal: null });
    expect(second.ends).toEqual([{ status: 1, signal: null }]);
    expect(first.ends).toHaveLength(1);
  });

  it("are replaced where the environment differs, where they have ended, and after a kill", () => {
    start();
    started[0].listener.onMessage(done);
    start({ environment: { THREADS: "2" } });
    expect(started).toHaveLength(2);
    expect(started[0].killed).toBe(true);
    started[1].listener.onMessage(done);
    started[1].listener.onEnd({ status: null, signal: "SIGKILL" });
    const third = start({ environment: { THREADS: "2" } });
    expect(started).toHaveLength(3);
    third.kill();
    expect(third.ends).toEqual([{ status: null, signal: "SIGKILL" }]);
    started[2].listener.onMessage(done);
    start({ environment: { THREADS: "2" } });
    expect(started).toHaveLength(4);
  });

  it("are not kept after a long run, whose memory is returned, nor after the last one", () => {
    const long = start();
    vi.advanceTimersByTime(61_000);
    started[0].listener.onMessage(done);
    expect(started[0].killed).toBe(true);
    expect(long.messages).toEqual([done]);
    start();
    started[1].listener.onMessage(done);
    processes.close();
    expect(started.map(({ killed }) => killed)).toEqual([true, true]);
  });
});
