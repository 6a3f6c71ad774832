import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Log } from "./log.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("writes one line per entry, which only its owner can read", () => {
  const log = new Log(join(folder, "one"));
  expect(log.write("error", "crash", "Error: a\r\n    at b\n    at c\u0000\u001b[31m")).toBe(true);
  expect(log.write("info", "crash", "second")).toBe(true);
  const lines = readFileSync(log.path, "utf8").split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z error crash \[\d+\] Error: a \| at b \| at c {2}\[31m$/);
  if (process.platform !== "win32") {
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "one")).mode & 0o777).toBe(0o700);
  }
});

it("rotates its files: four files of limited size remain, with the newest entries", () => {
  const log = new Log(join(folder, "many"), 1000);
  for (let i = 0; i < 200; i++) log.write("info", "test", `entry ${i} ${"x".repeat(50)}`);
  const files = readdirSync(join(folder, "many"));
  expect(files.sort()).toEqual(["ectopy.1.log", "ectopy.2.log", "ectopy.3.log", "ectopy.log"]);
  for (const file of files) expect(statSync(join(folder, "many", file)).size).toBeLessThan(1200);
  expect(readFileSync(log.path, "utf8")).toContain("entry 199 ");
});

it("truncates an entry that quotes a whole file", () => {
  const log = new Log(join(folder, "long"));
  log.write("error", "test", "x".repeat(100_000));
  expect(statSync(log.path).size).toBeLessThan(9000);
});

it("returns false, and does not throw, if it cannot be written", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(new Log(file).write("error", "test", "x")).toBe(false);
});
