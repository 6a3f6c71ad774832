import { join } from "node:path";
import { expect, it } from "vitest";
import { killAfter } from "../../../tests/support/killed-process.ts";
import { hasEnded, IDENTITY, processIdentity } from "./process-identity.ts";

const module = join(import.meta.dirname, "process-identity.ts");

it("is constant for a process, and valid in a file name", () => {
  expect(processIdentity()).toBe(processIdentity());
  expect(processIdentity()).toMatch(new RegExp(`^${IDENTITY}$`));
  expect(hasEnded(processIdentity())).toBe(false);
});

it("distinguishes a running process from a killed one", async () => {
  let whileRunning: boolean | undefined;
  const identity = await killAfter(module, "console.log(module.processIdentity());", {
    before: (printed) => (whileRunning = hasEnded(printed)),
  });
  expect(whileRunning).toBe(false);
  expect(hasEnded(identity)).toBe(true);
});

it("recognises a reused process number", (ctx) => {
  if (process.platform !== "linux") ctx.skip("only Linux tells when a process started");
  const [machine, pid, start] = processIdentity().split("-");
  expect(hasEnded(`${machine}-${pid}-${start}0`)).toBe(true);
  expect(hasEnded(`${machine}-1-${start}`)).toBe(true);
});

it("treats a process of another machine as running", () => {
  const [, , start] = processIdentity().split("-");
  expect(hasEnded(`00000000-999999999-${start}`)).toBe(false);
});
