import { tmpdir } from "node:os";
import { afterEach, expect, it, vi } from "vitest";
import { startNodeProcess } from "./processes/node-process.ts";
import { READY } from "./named-paths-messages.ts";
import type { StartProcess } from "./processes/start-process.ts";
import { UserFiles } from "./user-files.ts";

let files: UserFiles | undefined;
afterEach(() => {
  files?.close();
  vi.useRealTimers();
});

it("ends the process of a folder that does not answer, and says so", async () => {
  let killed = 0;
  const silent: StartProcess = (_start, { onMessage }) => {
    setTimeout(() => onMessage(READY));
    return { send: () => {}, kill: () => void killed++ };
  };
  files = new UserFiles(silent, 5);
  await expect(files.check("/mnt/share", "export")).rejects.toMatchObject({
    code: "no-access",
    message: "/mnt/share did not answer within 0.005 s.",
  });
  expect(killed).toBe(1);
});

it("waits for a process that starts slowly, whatever the limit for the folder", async () => {
  const slow: StartProcess = (_start, { onMessage }) => {
    setTimeout(() => onMessage(READY), 100);
    setTimeout(() => onMessage({ output: { path: "/a", isNew: false, freeBytes: null } }), 100);
    return { send: () => {}, kill: () => {} };
  };
  files = new UserFiles(slow, 50);
  expect(await files.check("/a", "export")).toMatchObject({ path: "/a" });
});

it("starts another process while an idle one is ending", async () => {
  vi.useFakeTimers();
  let started = 0;
  const start: StartProcess = (_start, { onMessage }) => {
    started++;
    const reply = { output: { path: "/a", isNew: false, freeBytes: null } };
    return { send: () => queueMicrotask(() => onMessage(reply)), kill: () => {} };
  };
  files = new UserFiles(start);
  await files.check("/a", "export");
  await files.check("/a", "export");
  expect(started).toBe(1);
  vi.advanceTimersByTime(60_000);
  await files.check("/a", "export");
  expect(started).toBe(2);
});

it("answers several questions in one process", async () => {
  let started = 0;
  files = new UserFiles((...given) => {
    started++;
    return startNodeProcess(...given);
  });
  expect(await files.check(tmpdir(), "export")).toMatchObject({ isNew: false });
  expect((await files.list("/")).parent).toBeNull();
  await expect(files.check("/nonexistent/x", "export")).rejects.toMatchObject({ code: "not-found" });
  expect(started).toBe(1);
});
