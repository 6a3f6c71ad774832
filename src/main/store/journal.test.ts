import Database from "better-sqlite3";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasTransaction, setJournal, rollBackUnfinished, type Journal } from "./journal.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy journal-"));
  path = join(folder, "ectopy.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (journal: Journal): Database.Database => {
  const database = new Database(path, { timeout: 0 });
  try {
    setJournal(database, path, journal);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
const rows = (database: Database.Database): number =>
  database.prepare<[], { n: number }>("SELECT count(*) AS n FROM t").get()!.n;

/** Runs statements in a process that is then killed, before its transaction ends. */
function killAfter(statements: string): void {
  const script = `
    const Database = require("better-sqlite3");
    const database = new Database(process.argv[1]);
    ${statements}
    process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["-e", script, path], { cwd: join(import.meta.dirname, "../../..") });
  expect(signal).toBe("SIGKILL");
}

describe("the journal of a database", () => {
  it("is durable as WAL and as rollback journal", () => {
    for (const journal of ["wal", "rollback"] as const) {
      const database = open(journal);
      expect(database.pragma("synchronous", { simple: true })).toBe(2);
      expect(database.pragma("journal_mode", { simple: true })).toBe(journal === "wal" ? "wal" : "truncate");
      database.close();
    }
  });

  it("uses no shared memory as a rollback journal, and allows readers", () => {
    const database = open("rollback");
    database.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    expect(readdirSync(folder).sort()).toEqual(["ectopy.sqlite", "ectopy.sqlite-journal"]);
    const reader = new Database(path, { readonly: true, timeout: 0 });
    expect(rows(reader)).toBe(1);
    database.exec("INSERT INTO t VALUES (2)");
    expect(rows(reader)).toBe(2);
    reader.close();
    database.close();
  });

  it("keeps the write-ahead log of a killed process when it is converted to a rollback journal", () => {
    open("wal").exec("CREATE TABLE t (a)").close();
    killAfter('database.exec("INSERT INTO t VALUES (1)");');
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    const database = open("rollback");
    expect(rows(database)).toBe(1);
    expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false);
    database.close();
    // And back again, as after the workspace was moved to a disk of this machine.
    const moved = open("wal");
    expect(rows(moved)).toBe(1);
    moved.close();
  });

  it("rolls back the transaction of a killed process, and keeps the earlier ones", () => {
    open("rollback").exec("CREATE TABLE t (a); INSERT INTO t VALUES (1)").close();
    killAfter(`
      database.pragma("journal_mode = TRUNCATE");
      database.pragma("cache_size = 2");
      database.exec("BEGIN IMMEDIATE");
      for (let i = 0; i < 2000; i++) database.prepare("INSERT INTO t VALUES (?)").run("x".repeat(500));`);
    expect(hasTransaction(path)).toBe(true);
    const reader = new Database(path, { readonly: true });
    expect(() => rows(reader)).toThrow(/read-?only/);
    reader.close();
    rollBackUnfinished(path, 0);
    expect(hasTransaction(path)).toBe(false);
    const database = open("rollback");
    expect(rows(database)).toBe(1);
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    database.close();
  });

  it("is not converted while a reader uses the database, and reports that", () => {
    open("wal").exec("CREATE TABLE t (a)").close();
    const reader = new Database(path, { readonly: true });
    const [row] = reader.prepare("SELECT 1 FROM t").all();
    expect(row).toBeUndefined();
    expect(() => open("rollback")).toThrow(/Another Ectopy process reads/);
    reader.close();
    open("rollback").close();
  });
});
