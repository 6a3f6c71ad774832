import Database from "better-sqlite3";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { makeBackup } from "./backups.ts";
import { APPLICATION_ID } from "./database-check.ts";
import { migrate, openDatabase, type OpenOptions } from "./database.ts";
import { migrations } from "./migrations/index.ts";

let folder: string;
let path: string;
let warnings: string[];
const options = (day = "2026-01-01"): OpenOptions => ({
  readonly: false,
  warn: (message) => warnings.push(message),
  now: new Date(`${day}T12:00:00Z`),
  canRebuild: () => false,
});
const backups = (): string => join(folder, "backups");
const addDataset = (name: string): string =>
  `INSERT INTO datasets (name, source, fingerprint, created_at) VALUES ('${name}', 'x', '${name.padEnd(64, "0")}', 'now')`;
const names = (database: Database.Database): unknown[] =>
  database.prepare("SELECT name FROM datasets ORDER BY id").pluck().all();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-database-"));
  path = join(folder, "ectopy.sqlite");
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("migrations", () => {
  it("migrate an empty database to the newest version, one by one", () => {
    const database = new Database(":memory:");
    for (let version = 1; version <= migrations.length; version++) {
      migrate(database, migrations.slice(0, version));
      expect(database.pragma("user_version", { simple: true })).toBe(version);
      expect(database.pragma("foreign_key_check")).toEqual([]);
    }
    expect(database.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
  });

  it("keep runs and their epochs when the table of runs is created again (version 1 to 2)", () => {
    const database = new Database(":memory:");
    database.pragma("foreign_keys = ON");
    migrate(database, migrations.slice(0, 1));
    database.exec(`${addDataset("one")};
      INSERT INTO preparations (dataset_id, settings, summary, fingerprint, seconds, created_at)
        VALUES (1, '{}', '{}', '${"0".repeat(64)}', 1, 'now');
      INSERT INTO runs (preparation_id, network, settings, status, created_at) VALUES (1, 'ann', '{}', 'running', 'now');
      INSERT INTO epochs VALUES (1, 1, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2)`);
    migrate(database, migrations.slice(0, 2));
    expect(database.prepare("SELECT network, status FROM runs").all()).toEqual([{ network: "ann", status: "running" }]);
    expect(database.prepare("SELECT train_loss, validation_f1, learning_rate FROM epochs").all()).toEqual([
      { train_loss: 0.5, validation_f1: "[]", learning_rate: 0 },
    ]);
    // References are enforced again: an epoch is deleted with its run.
    expect(() => database.exec("INSERT INTO epochs (run_id, epoch) VALUES (99, 1)")).toThrow();
    database.exec("DELETE FROM runs");
    expect(database.prepare("SELECT count(*) FROM epochs").pluck().get()).toBe(0);
  });

  it("keep the bin when models become removable (version 3 to 4)", () => {
    const database = new Database(":memory:");
    migrate(database, migrations.slice(0, 3));
    database.exec("INSERT INTO removed VALUES ('runs', 7, 'then')");
    migrate(database, migrations.slice(0, 4));
    database.exec("INSERT INTO removed VALUES ('models', 7, 'now')");
    expect(database.prepare("SELECT kind, id, removed_at FROM removed ORDER BY kind").raw().all()).toEqual([
      ["models", 7, "now"],
      ["runs", 7, "then"],
    ]);
    expect(() => database.exec("INSERT INTO removed VALUES ('others', 1, 'now')")).toThrow(/CHECK/);
  });

  it("refuse a step that breaks references", () => {
    const database = new Database(":memory:");
    migrate(database);
    const orphan =
      "INSERT INTO checkpoints (run_id, sha256, epochs, steps, created_at) VALUES (9, '" +
      "0".repeat(64) +
      "', 0, 0, '')";
    expect(() => migrate(database, [...migrations, orphan])).toThrow(/references to nothing/);
    expect(database.pragma("user_version", { simple: true })).toBe(migrations.length);
  });

  it("roll back a step that fails", () => {
    const database = new Database(":memory:");
    expect(() => migrate(database, [...migrations, "CREATE TABLE half (x); SELECT nonsense"])).toThrow();
    expect(database.pragma("user_version", { simple: true })).toBe(migrations.length);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
  });
});

describe("openDatabase", () => {
  it("creates a durable database, and opens it again", () => {
    const made = openDatabase(path, options());
    expect(made.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(made.pragma("synchronous", { simple: true })).toBe(2); // FULL
    expect(made.pragma("foreign_keys", { simple: true })).toBe(1);
    made.exec(addDataset("one"));
    made.close();
    const found = openDatabase(path, options());
    expect(names(found)).toEqual(["one"]);
    found.close();
  });

  it("leaves no bytes of a deleted row in its file", () => {
    const database = openDatabase(path, options());
    database.exec(addDataset("Jane Doe"));
    database.pragma("wal_checkpoint(TRUNCATE)");
    expect(readFileSync(path).includes("Jane Doe")).toBe(true);
    database.exec("DELETE FROM datasets");
    database.pragma("wal_checkpoint(TRUNCATE)");
    expect(readFileSync(path).includes("Jane Doe")).toBe(false);
    database.close();
  });

  it("refuses a newer database and does not change it", () => {
    openDatabase(path, options()).close();
    const newer = new Database(path);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.pragma("journal_mode = DELETE");
    newer.close();
    const before = readFileSync(path);
    expect(() => openDatabase(path, { ...options(), readonly: true })).toThrow(/newer Ectopy/);
    expect(() => openDatabase(path, options())).toThrow(/newer Ectopy/);
    expect(readFileSync(path).subarray(100)).toEqual(before.subarray(100)); // the header contains the journal mode
  });

  it("refuses a database of another program", () => {
    const other = new Database(path);
    other.exec("CREATE TABLE theirs (x)");
    other.close();
    expect(() => openDatabase(path, options())).toThrow(/but not Ectopy's/);
  });

  it("replaces a damaged database by the newest good backup, and keeps the damaged file", () => {
    const database = openDatabase(path, options());
    database.exec(addDataset("kept"));
    makeBackup(database, backups(), "good");
    database.exec(addDataset("later"));
    makeBackup(database, backups(), "truncated");
    database.close();
    truncateSync(join(backups(), "truncated.sqlite"), 5000); // a newer backup that is damaged too
    const garbage = Buffer.alloc(8192, 0xab);
    writeFileSync(path, garbage);
    const restored = openDatabase(path, options());
    expect(names(restored)).toEqual(["kept"]);
    restored.close();
    expect(warnings).toEqual([expect.stringMatching(/was damaged: the backup of .* was restored.*kept as/)]);
    const aside = readdirSync(folder).find((name) => name.includes(".damaged-"))!;
    expect(readFileSync(join(folder, aside))).toEqual(garbage);
  });

  it.for([
    { what: "missing", change: () => rmSync(path) },
    { what: "empty", change: () => writeFileSync(path, "") },
  ])("replaces a database by the newest good backup if it is $what", ({ what, change }) => {
    const database = openDatabase(path, options());
    database.exec(addDataset("kept"));
    makeBackup(database, backups(), "good");
    database.close();
    change();
    const restored = openDatabase(path, options());
    expect(names(restored)).toEqual(["kept"]);
    restored.close();
    expect(warnings).toEqual([expect.stringContaining(`was ${what}: the backup`)]);
  });

  it("never applies the log of the old database to a restored one", () => {
    const database = openDatabase(path, options());
    database.exec(addDataset("kept"));
    makeBackup(database, backups(), "good");
    database.exec(addDataset("lost"));
    copyFileSync(`${path}-wal`, join(folder, "wal"));
    database.close();
    rmSync(path);
    copyFileSync(join(folder, "wal"), `${path}-wal`);
    const restored = openDatabase(path, options());
    expect(names(restored)).toEqual(["kept"]);
    restored.close();
  });

  it("creates a damaged database again without a backup, if the folders have manifests", () => {
    writeFileSync(path, Buffer.alloc(4096, 1));
    const database = openDatabase(path, { ...options(), canRebuild: () => true });
    expect(names(database)).toEqual([]);
    database.close();
    expect(warnings).toEqual([expect.stringMatching(/no backup: it is created again from the stored folders/)]);
    expect(readdirSync(folder).some((name) => name.includes(".damaged-"))).toBe(true);
  });

  it("refuses a damaged database without a backup, and changes nothing", () => {
    const garbage = Buffer.alloc(4096, 1);
    writeFileSync(path, garbage);
    expect(() => openDatabase(path, options())).toThrow(EctopyError);
    expect(() => openDatabase(path, options())).toThrow(/no good backup/);
    expect(readFileSync(path)).toEqual(garbage);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});
