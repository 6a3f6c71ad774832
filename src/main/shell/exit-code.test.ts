import { describe, expect, it } from "vitest";
import { endOf } from "./exit-code.ts";

describe("endOf", () => {
  it.for<[number, number | null, NodeJS.Signals | null]>([
    [0, 0, null],
    [1, 1, null],
    [9, null, "SIGKILL"],
    // With a core dump: 128 + 11.
    [139, null, "SIGSEGV"],
    // Status 3 as `waitpid` has it.
    [768, 3, null],
  ])("reads %i where there are signals", ([code, status, signal]) => {
    expect(endOf(code, "linux")).toEqual({ status, signal });
  });

  it("takes Windows' codes as they are", () => {
    expect(endOf(9, "win32")).toEqual({ status: 9, signal: null });
    expect(endOf(0xc0000005, "win32")).toEqual({ status: 0xc0000005, signal: null });
  });
});
