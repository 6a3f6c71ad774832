import { join } from "node:path";
import { expect, it } from "vitest";
import { killAfter } from "../../../tests/support/killed-process.ts";
import { hasEnded, IDENTITY, processIdentity } from "./process-identity.ts";

const module = join(import.meta.dirname, "process-identity.ts");

it("is the same for a process throughout, and fits into a file name", () => {
  expect(processIdentity()).toBe(processIdentity());
  expect(processIdentity()).toMatch(new RegExp(`^${IDENTITY}$`));
  expect(hasEnded(processIdentity())).toBe(false);
});

it("tells a process that runs from one that was killed", async () => {
  let whileRunning: boolean | undefined;
  const identity = await killAfter(module, "console.log(module.processIdentity());", {
    before: (printed) => (whileRunning = hasEnded(printed)),
  });
  expect(whileRunning).toBe(false);
  expect(hasEnded(identity)).toBe(true);
});

it("knows that a number in use may be another process's by now", (ctx) => {
  if (process.platform !== "linux") ctx.skip("only Linux tells when a process started");
  const [machine, pid, start] = processIdentity().split("-");
  expect(hasEnded(`${machine}-${pid}-${start}0`)).toBe(true);
  expect(hasEnded(`${machine}-1-${start}`)).toBe(true);
});

it("takes a process of another machine for one that runs", () => {
  const [, , start] = processIdentity().split("-");
  expect(hasEnded(`00000000-999999999-${start}`)).toBe(false);
});
