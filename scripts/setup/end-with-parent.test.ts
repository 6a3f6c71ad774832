/** Real processes: a shell runs a program, as npm's shell does, and is ended by a signal. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const module = join(import.meta.dirname, "end-with-parent.mjs");
const PROGRAM = `
  const { endWithParent } = await import(${JSON.stringify(module)});
  endWithParent();
  process.on("SIGTERM", () => { console.log("SIGTERM"); process.exit(0); });
  setInterval(() => {}, 1000);
  console.log("ready");
`;

describe.skipIf(process.platform === "win32")(
  "a program whose parent is ended by a signal (Windows has no signals)",
  () => {
    it("gets SIGTERM, though its shell passes no signal on", async () => {
      // A command after the program keeps the shell from becoming the program.
      const shell = spawn("sh", ["-c", '"$0" --input-type=module --eval "$1"; true', process.execPath, PROGRAM]);
      let printed = "";
      shell.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
      await expect.poll(() => printed).toBe("ready\n");
      const closed = once(shell.stdout, "close");
      shell.kill("SIGTERM");
      await closed;
      expect(printed).toBe("ready\nSIGTERM\n");
    });
  },
);
