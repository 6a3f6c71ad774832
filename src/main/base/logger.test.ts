import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Log, logFolder } from "./log.ts";
import { logger, openLog, setLogLevel } from "./logger.ts";
import { readLog } from "./read-log.ts";

let workspace: string;
let closeLog: () => void;
const log = logger("test");
const texts = (lines = 100, level: "error" | "debug" = "debug"): string[] =>
  readLog(logFolder(workspace), { lines, level }).map(({ text }) => text);

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "ectopy-logger-"));
  closeLog = openLog(workspace);
});
afterEach(() => {
  setLogLevel("info");
  closeLog();
  rmSync(workspace, { recursive: true, force: true });
});

it("writes entries down to its level", () => {
  log.debug("unseen");
  log.info("seen");
  setLogLevel("error");
  log.warning("unseen");
  setLogLevel("debug");
  log.debug("seen at last");
  expect(texts()).toEqual(["seen", "seen at last"]);
});

it("writes nothing once the workspace is closed, and to the one below it", () => {
  const other = mkdtempSync(join(tmpdir(), "ectopy-logger-"));
  const closeOther = openLog(other);
  log.info("other");
  closeOther();
  log.info("first");
  expect(texts()).toEqual(["first"]);
  expect(readLog(logFolder(other), { lines: 9, level: "info" })).toMatchObject([{ text: "other", module: "test" }]);
  rmSync(other, { recursive: true, force: true });
});

it("reads the newest entries, across rotated files, by level", () => {
  const small = new Log(logFolder(workspace), 500);
  for (let i = 0; i < 20; i++) small.write(i % 2 === 0 ? "error" : "info", "test", `entry ${i} ${"x".repeat(50)}`);
  expect(texts(3).map((text) => text.slice(0, 8))).toEqual(["entry 17", "entry 18", "entry 19"]);
  expect(texts(2, "error").map((text) => text.slice(0, 8))).toEqual(["entry 16", "entry 18"]);
});

it("returns nothing where there is no log", () => {
  expect(readLog(join(workspace, "nowhere"), { lines: 5, level: "debug" })).toEqual([]);
});
