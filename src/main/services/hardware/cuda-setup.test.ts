import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { JobProgress } from "../../../contract/domain/jobs.ts";
import { changeCuda, findCuda, setUpCuda } from "./cuda-setup.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-cuda-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands in for the set-up: it stores its arguments. */
function standIn(status: number): string {
  const path = join(folder, "cuda.mjs");
  writeFileSync(
    path,
    `import { writeFileSync } from "node:fs";
     writeFileSync(${JSON.stringify(join(folder, "arguments"))}, process.argv.slice(2).join(" "));
     process.exitCode = ${status};`,
  );
  return path;
}

it("passes the answer to the set-up", async () => {
  await setUpCuda("install", { yes: true }, standIn(0));
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe("install --yes");
  await setUpCuda("remove", { yes: false }, standIn(0));
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe("remove");
});

it("reports a set-up that failed, and an app without a set-up", async () => {
  await expect(setUpCuda("install", { yes: true }, standIn(1))).rejects.toMatchObject({ code: "engine-unavailable" });
  await expect(setUpCuda("install", { yes: true }, null)).rejects.toMatchObject({ code: "unsupported" });
});

describe("in the window", () => {
  const gpu = { name: "Example GPU", memory: 8000, driver: "550", computeCapability: 8 };

  /** A program that stands in for the set-up, with this body. */
  function scripted(body: string): string {
    const path = join(folder, "cuda.mjs");
    writeFileSync(path, body);
    return path;
  }

  it("installs with the set-up's progress", async () => {
    const program = scripted(
      `if (process.argv.slice(2).join(" ") !== "install --yes") process.exit(9);
       process.stderr.write("[set-up] NVIDIA GPU: Example GPU.\\n[set-up] CUDA: downloading: 850 of 3400 MB (25 %)\\n");
       process.stderr.write("[set-up] CUDA: unpacking.\\n");`,
    );
    const seen: JobProgress[] = [];
    await changeCuda(
      "install",
      { progress: (each) => void seen.push(each), signal: new AbortController().signal },
      program,
    );
    expect(seen.slice(1)).toEqual([
      { stage: "downloading", done: 850, total: 3400, unit: "MB" },
      { stage: "unpacking", done: 0, total: 0, unit: "" },
    ]);
  });

  it("ends the set-up when it is cancelled", async () => {
    const program = scripted(`process.stderr.write("[set-up] begun\\n"); setInterval(() => {}, 1000);`);
    const cancel = new AbortController();
    const work = changeCuda("install", { progress: () => cancel.abort(), signal: cancel.signal }, program);
    await expect(work).rejects.toBeInstanceOf(CancelledError);
  });

  it("reports the last message of a set-up that failed", async () => {
    const program = scripted(`process.stderr.write("[set-up] The disk is full.\\n"); process.exitCode = 1;`);
    const work = changeCuda("install", { progress: () => {}, signal: new AbortController().signal }, program);
    await expect(work).rejects.toMatchObject({
      code: "engine-unavailable",
      fix: "The disk is full. An interrupted download is resumed.",
    });
  });

  it("is offered where there is a GPU and a set-up for it", async () => {
    const program = scripted(`console.log(JSON.stringify({ isInstalled: process.argv[2] === "state" }));`);
    expect(await findCuda([], program)).toBeNull();
    expect(await findCuda([gpu], null)).toBeNull();
    const isOffered = process.platform === "linux" && process.arch === "x64";
    expect(await findCuda([gpu], program)).toEqual(isOffered ? { gpus: ["Example GPU"], isInstalled: true } : null);
  });
});
