import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetChild, holderOf, noteChild, withLock } from "./lock.mjs";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-lock-"));
  path = join(folder, "a.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
const gone = (): number => spawnSync(process.execPath, ["--version"]).pid;
const unexpected = (): void => expect.unreachable("nobody else holds the lock");
const age = (seconds: number): void => {
  const time = Date.now() / 1000 - seconds;
  utimesSync(path, time, time);
};

describe("withLock", () => {
  it("names its holder and children while it works, and is removed afterwards, also after a failure", async () => {
    await withLock(path, unexpected, () => {
      noteChild(7);
      expect(readFileSync(path, "utf8")).toBe(`${process.pid} 7`);
      forgetChild(7);
      expect(readFileSync(path, "utf8")).toBe(`${process.pid}`);
      return Promise.resolve();
    });
    expect(existsSync(path)).toBe(false);
    await expect(withLock(path, unexpected, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });

  it("runs one at a time, and names the holder to those that wait", async () => {
    const events: string[] = [];
    const turn = (name: string): Promise<void> =>
      withLock(
        path,
        (holder) => events.push(`${name} waits for ${holder === process.pid ? "us" : holder}`),
        async () => {
          events.push(`${name} in`);
          await new Promise((resolve) => setTimeout(resolve, 30));
          events.push(`${name} out`);
        },
      );
    await Promise.all([turn("first"), turn("second")]);
    expect(events).toEqual(["first in", "second waits for us", "first out", "second in", "second out"]);
  });

  it("takes the lock of a killed process", async () => {
    writeFileSync(path, String(gone()));
    await withLock(path, unexpected, () => Promise.resolve());
    writeFileSync(path, "");
    age(10);
    await withLock(path, unexpected, () => Promise.resolve());
  });
});

describe("holderOf", () => {
  it("accepts a living holder only while it touches the file", () => {
    writeFileSync(path, String(process.pid));
    expect(holderOf(path)).toBe(process.pid);
    age(120);
    expect(holderOf(path)).toBeUndefined();
  });

  it("waits for a child that writes into the project and outlived its killed parent", () => {
    writeFileSync(path, `${gone()} ${process.pid}`);
    age(120);
    expect(holderOf(path)).toBe(process.pid);
  });

  it("gives a holder time to write its id", () => {
    writeFileSync(path, "");
    expect(holderOf(path)).toBe(0);
    age(10);
    expect(holderOf(path)).toBeUndefined();
  });
});
