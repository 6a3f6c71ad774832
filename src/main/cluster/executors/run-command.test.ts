import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoted, reasonIn, runCommand } from "./run-command.ts";

describe("commands of the system", () => {
  it("give their output, their errors and their status", async () => {
    const script = "process.stdin.pipe(process.stdout); console.error('no'); process.exitCode = 3";
    expect(await runCommand(process.execPath, ["-e", script], "input")).toEqual({
      status: 3,
      output: "input",
      errorOutput: "no\n",
    });
  });

  it("say which program is missing", async () => {
    await expect(runCommand("no-such-program", [])).rejects.toThrow(/no-such-program is not installed/);
  });

  it.skipIf(process.platform === "win32")("quote any text for a POSIX shell", () => {
    // One shell for all texts: a NUL can't be an argument, and the shell reads bytes.
    const text = fc.stringMatching(/^[^\0]{0,20}$/u);
    const texts = fc.sample(text, { numRuns: 50, seed: 1 });
    const output = execFileSync("sh", ["-c", `printf '%s\\0' ${texts.map(quoted).join(" ")}`], { encoding: "utf8" });
    expect(output.split("\0").slice(0, -1)).toEqual(texts);
  });

  it("end a sentence with the last line of an output", () => {
    expect(reasonIn("")).toBe(".");
    expect(reasonIn("warning\nPermission denied.\n")).toBe(": Permission denied.");
  });
});
