import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backupName, backupsToKeep, listBackups, makeBackup, newestGoodBackup } from "./backups.ts";
import { openDatabase, type Connection } from "./database.ts";

const DAY_MS = 24 * 3_600_000;

let folder: string;
let database: Connection;
const backups = (): string => join(folder, "backups");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-backups-"));
  const options = { readonly: false, warn: () => {}, now: new Date(), canRebuild: () => false };
  database = openDatabase(join(folder, "ectopy.sqlite"), options);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function backUp(name: string, at: Date): void {
  makeBackup(database, backups(), name);
  utimesSync(join(backups(), `${name}.sqlite`), at, at);
}

describe("a backup", () => {
  it("is complete under its name, and is not made a second time", () => {
    database.exec("INSERT INTO jobs (kind, title, state, started_at) VALUES ('import', 'x', 'running', 'now')");
    makeBackup(database, backups(), "one");
    makeBackup(database, backups(), "one");
    expect(readdirSync(backups())).toEqual(["one.sqlite"]);
    expect(newestGoodBackup(backups())?.name).toBe("one.sqlite");
  });

  it("is skipped for an older one if it is damaged", () => {
    backUp("old", new Date(2026, 0, 1));
    backUp("new", new Date(2026, 0, 2));
    truncateSync(join(backups(), "new.sqlite"), 3000);
    expect(newestGoodBackup(backups())?.name).toBe("old.sqlite");
    truncateSync(join(backups(), "old.sqlite"), 0);
    expect(newestGoodBackup(backups())).toBeUndefined();
  });

  it("replaces the oldest: five of today and one of each of the six previous days remain", () => {
    const now = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    for (let days = 10; days > 0; days--) backUp(`day-${days}`, new Date(now - days * DAY_MS + 1));
    for (let i = 0; i < 8; i++) backUp(`today-${i}`, new Date(now + i));
    makeBackup(database, backups(), "last");
    const names = listBackups(backups()).map(({ name }) => name);
    expect(names).toContain("last.sqlite");
    expect(names.filter((name) => name.startsWith("day-"))).toHaveLength(6);
    expect(existsSync(join(backups(), "day-7.sqlite"))).toBe(false);
  });

  it("has a name that sorts by its time", () => {
    expect(backupName(new Date(Date.UTC(2026, 0, 31, 12, 5, 6)))).toBe("2026-01-31T12-05-06-000");
  });
});

describe("backupsToKeep", () => {
  it("keeps the two newest of any size, and others up to six times the size of the newest", () => {
    const gigabyte = 1e9;
    const made = Array.from({ length: 12 }, (_, i) => ({
      bytes: gigabyte,
      madeAt: new Date(Date.UTC(2026, 0, 31, 12) - i * 3 * 3_600_000),
    }));
    expect(backupsToKeep(made)).toHaveLength(6); // five of the day, and the newest of the day before
    const huge = made.map((backup, i) => ({ ...backup, bytes: i === 0 ? 1000 : gigabyte }));
    expect(backupsToKeep(huge)).toHaveLength(2);
  });

  it("always keeps the newest, and returns only given backups", () => {
    const backup = fc.record({
      bytes: fc.nat(5_000_000_000),
      madeAt: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(fc.array(backup, { maxLength: 30 }), (unsorted) => {
        const sorted = unsorted.sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
        const kept = backupsToKeep(sorted);
        expect(kept.slice(0, 2)).toEqual(sorted.slice(0, 2));
        expect(kept.length).toBeLessThanOrEqual(5 + 7);
        for (const each of kept) expect(sorted).toContain(each);
      }),
    );
  });
});
