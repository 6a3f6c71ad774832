/**
 * Ectopy's child processes, started by Node and, through a stand-in, by Electron: the same messages, and the same end.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { askProcess } from "../../src/main/workers/processes/ask-process.ts";
import { startNodeProcess } from "../../src/main/workers/processes/node-process.ts";
import type { ProcessEnd, RunningProcess } from "../../src/main/workers/processes/start-process.ts";
import { startUtilityProcess } from "../../src/main/shell/utility-process.ts";

vi.mock("electron", () => import("../support/electron/utility-process.ts"));

const folder = mkdtempSync(join(tmpdir(), "ectopy-processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const channelModule = JSON.stringify(new URL("../../src/engine/processes/parent-channel.ts", import.meta.url).href);

function program(name: string, text: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { openParentChannel } from ${channelModule};\nconst channel = openParentChannel();\n${text}\n`,
  );
  return path;
}

describe.each([
  ["Node", startNodeProcess],
  ["Electron", startUtilityProcess],
])("a process started by %s", (_name, start) => {
  const run = (path: string, onMessage: (message: unknown, child: RunningProcess) => void = () => {}) =>
    new Promise<{ end: ProcessEnd; messages: unknown[]; errors: string }>((resolve) => {
      const messages: unknown[] = [];
      let errors = "";
      const child = start(
        { program: path, args: ["an argument"], environment: { ECTOPY_TEST_WORD: "a word" } },
        {
          onMessage: (message) => {
            messages.push(message);
            onMessage(message, child);
          },
          onErrorOutput: (text) => (errors += text),
          onEnd: (end) => resolve({ end, messages, errors }),
        },
      );
    });

  it("gets its arguments and its environment, and its last messages arrive before its end", async () => {
    const path = program(
      "talks",
      `await channel.send([process.argv[2], process.env.ECTOPY_TEST_WORD, new Float32Array([NaN, 0.5])]);
       for (let i = 0; i < 100; i++) void channel.send(i);
       await channel.send("last");
       process.exit(0);`,
    );
    const { end, messages } = await run(path);
    expect(end).toEqual({ status: 0, signal: null });
    expect(messages[0]).toEqual(["an argument", "a word", new Float32Array([NaN, 0.5])]);
    expect(messages.slice(1)).toEqual([...Array.from({ length: 100 }, (_, i) => i), "last"]);
  });

  it("receives messages", async () => {
    const path = program(
      "hears",
      `channel.listen(async (word) => { await channel.send("heard " + word); process.exit(0); });
       await channel.send("ready");`,
    );
    const { messages } = await run(path, (message, child) => message === "ready" && child.send("this"));
    expect(messages).toEqual(["ready", "heard this"]);
  });

  it.skipIf(process.platform === "win32")("ends by a signal, and its last output is kept", async () => {
    const path = program("crashes", `process.stderr.write("é: no memory\\n"); process.kill(process.pid, "SIGKILL");`);
    const { end, errors } = await run(path);
    expect(end).toEqual({ status: null, signal: "SIGKILL" });
    expect(errors).toBe("é: no memory\n");
  });

  it("reports its failure with the status and the reason", async () => {
    const { end, errors } = await run(program("fails", `throw new Error("no such network");`));
    expect(end).toEqual({ status: 1, signal: null });
    expect(errors).toContain("no such network");
  });

  it("ends on request, and later messages to it are lost without an error", async () => {
    const path = program("waits", `channel.listen(() => {}); await channel.send("ready");`);
    let running: RunningProcess | undefined;
    const { messages } = await run(path, (_message, child) => {
      running = child;
      child.kill();
    });
    expect(messages).toEqual(["ready"]);
    running!.send("are you there?");
    running!.kill();
  });

  it("answers a question, and is ended at a timeout or when the question is cancelled", async () => {
    const answers = program("answers", `await channel.send({ milliseconds: 3 }); process.exit(0);`);
    const hangs = program("hangs", `channel.listen(() => {});`);
    expect(await askProcess(start, { program: answers, environment: {} })).toEqual({
      answer: { milliseconds: 3 },
      failure: "",
      lastWords: "",
    });
    const late = await askProcess(start, { program: hangs, environment: {} }, { timeout: 300 });
    expect(late.failure).toBe("took longer than 0.3 s");
    const stop = new AbortController();
    const stopped = askProcess(start, { program: hangs, environment: {} }, { signal: stop.signal });
    await wait(50);
    stop.abort();
    expect((await stopped).failure).toBe("was stopped");
    expect((await askProcess(start, { program: hangs, environment: {} }, { signal: stop.signal })).failure).toBe(
      "was stopped",
    );
  });

  it("reports a missing program", async () => {
    const { end } = await run(join(folder, "nothing here.mjs"));
    expect(end).toEqual({ status: 1, signal: null });
  });
});
