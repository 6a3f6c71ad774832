import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import {
  claimWorkspace,
  NETWORK_TIMES,
  readOwner,
  thisProcess,
  type OwnerFile,
  type OwnerIdentity,
} from "./owner-file.ts";

let folder: string;
let told: string[];
let lost: string[];
const path = (): string => join(folder, "workspace.owner");
const here: OwnerIdentity = { pid: 10, host: "here", boot: "b1" };
const there: OwnerIdentity = { pid: 20, host: "node17", boot: "b2" };
const claim = (identity: OwnerIdentity, times: typeof NETWORK_TIMES | null = NETWORK_TIMES): OwnerFile =>
  claimWorkspace(folder, {
    identity,
    times,
    warn: (message) => told.push(message),
    onLost: (message) => lost.push(message),
  });
/** Sets the time of the file back. */
const age = (milliseconds: number): void => {
  const at = (Date.now() - milliseconds) / 1000;
  utimesSync(path(), at, at);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  folder = mkdtempSync(join(tmpdir(), "ectopy owner-"));
  told = [];
  lost = [];
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe("the owner of a workspace on a shared file system", () => {
  it("is named in a private file while the workspace is open, and the file is removed afterwards", () => {
    const owner = claim(here);
    expect(readOwner(folder)).toEqual(here);
    if (process.platform !== "win32") expect(statSync(path()).mode & 0o777).toBe(0o600);
    owner.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is this process on this machine", () => {
    expect(thisProcess()).toMatchObject({ pid: process.pid });
    expect(thisProcess()).toEqual(thisProcess());
  });

  it("refuses another machine, and names itself", () => {
    const owner = claim(there);
    let refusal: unknown;
    try {
      claim(here);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(EctopyError);
    expect(refusal).toMatchObject({ code: "workspace-busy" });
    expect((refusal as EctopyError).message).toMatch(/in use by Ectopy on node17 \(process 20\)/);
    expect((refusal as EctopyError).fix).toMatch(/If that machine is off, wait 3 min/);
    expect(readOwner(folder)).toEqual(there);
    owner.release();
    claim(here).release();
    expect(told).toEqual([]);
  });

  it("refuses another machine as long as it renews its file", () => {
    const owner = claim(there);
    for (let minute = 0; minute < 10; minute++) {
      age(60_000);
      vi.advanceTimersByTime(NETWORK_TIMES.intervalMs);
      expect(Date.now() - statSync(path()).mtimeMs).toBeLessThan(30_000);
    }
    expect(() => claim(here)).toThrow(/node17/);
    owner.release();
  });

  it("loses the workspace after some minutes without a renewal, with a warning", () => {
    claim(there);
    age(NETWORK_TIMES.timeoutMs + 60_000);
    const owner = claim(here);
    expect(told).toEqual([expect.stringMatching(/Ectopy on node17 .* did not close the workspace .* 4 min ago/)]);
    expect(readOwner(folder)).toEqual(here);
    owner.release();
  });

  it("is notified after another machine took over the workspace, and keeps the other's file", () => {
    const sleeping = claim(there);
    age(NETWORK_TIMES.timeoutMs + 60_000);
    const owner = claim(here);
    vi.advanceTimersByTime(NETWORK_TIMES.intervalMs);
    expect(lost).toEqual([expect.stringMatching(/Ectopy on here \(process 10\) has opened the workspace/)]);
    sleeping.release();
    expect(readOwner(folder)).toEqual(here);
    vi.advanceTimersByTime(10 * NETWORK_TIMES.intervalMs);
    expect(lost).toHaveLength(1);
    owner.release();
  });

  it("writes its file again after a deletion", () => {
    const owner = claim(here);
    rmSync(path());
    vi.advanceTimersByTime(NETWORK_TIMES.intervalMs);
    expect(readOwner(folder)).toEqual(here);
    owner.release();
  });

  it("takes over from a killed process of the same machine, because it holds the lock", () => {
    claim({ ...here, pid: 9 });
    claim(here).release();
    expect(told).toEqual([]);
    expect(existsSync(path())).toBe(false);
  });

  it("is another one if only the machine's name is the same", () => {
    claim({ ...here, boot: "b0" });
    expect(() => claim(here)).toThrow(/in use/);
  });

  it.each(["12\n", "", "{", "null", '{"pid":1}'])(
    "replaces a file of an earlier version, or a damaged file: %j",
    (text) => {
      writeFileSync(path(), text);
      claim(here).release();
      expect(told).toEqual([]);
    },
  );
});

it("renews nothing and checks no other machine on a disk of this machine", () => {
  writeFileSync(path(), JSON.stringify(there));
  const owner = claim(here, null);
  expect(readOwner(folder)).toEqual(here);
  expect(vi.getTimerCount()).toBe(0);
  owner.release();
  expect(readdirSync(folder)).toEqual([]);
});
