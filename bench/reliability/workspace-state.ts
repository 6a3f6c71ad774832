/** The content of a workspace as text and hashes, to compare before and after a fault; and its leftovers. */
import Database from "better-sqlite3";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./findings.ts";

const owners = { datasets: "dataset_id", preparations: "preparation_id", runs: "run_id" } as const;
export type KeptKind = keyof typeof owners;
export const keptKinds = Object.keys(owners) as KeptKind[];

type Row = Record<string, unknown>;

/** A dataset, a preparation or a run. */
export interface Kept {
  kind: KeptKind;
  id: number;
  row: Row;
  /** Rows of other tables that belong to it, by table, in the table's order. */
  details: Record<string, Row[]>;
  /** SHA-256 of each file of its folder, by path; null where there is no folder. */
  files: Record<string, string> | null;
}

/** By `datasets/1` and so on. */
export type WorkspaceState = ReadonlyMap<string, Kept>;

/** Tables of events, which are not compared. */
const transient = new Set(["checkpoints", "jobs", "removed", "run_log"]);

/** @param folder of a workspace that no process has open */
export function readState(folder: string): WorkspaceState {
  const database = new Database(join(folder, "ectopy.sqlite"), { readonly: true, fileMustExist: true });
  try {
    const tables = database
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => name)
      .filter((name) => !transient.has(name));
    const columnsOf = (table: string): string[] =>
      (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    const state = new Map<string, Kept>();
    for (const kind of keptKinds) {
      const reference = owners[kind];
      const children = tables.filter((table) => {
        const columns = columnsOf(table);
        // A row about a run also names its preparation, which it does not change.
        const isOfRun = columns.includes(owners.runs);
        return !(table in owners) && columns.includes(reference) && (kind === "runs" || !isOfRun);
      });
      for (const row of database.prepare<[], Row>(`SELECT * FROM ${kind} ORDER BY id`).all()) {
        const id = Number(row["id"]);
        const details = Object.fromEntries(
          children.map((table) => [
            table,
            database.prepare<[number], Row>(`SELECT * FROM ${table} WHERE ${reference} = ?`).all(id),
          ]),
        );
        const path = join(folder, kind, String(id));
        state.set(`${kind}/${id}`, { kind, id, row, details, files: existsSync(path) ? hashesOf(path) : null });
      }
    }
    return state;
  } finally {
    database.close();
  }
}

/** SHA-256 of each file below a folder, by its path. */
export function hashesOf(folder: string): Record<string, string> {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.sort().map((path) => [path.slice(folder.length + 1), sha256(readFileSync(path))]));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Returns items that are missing or changed. */
export function losses(before: WorkspaceState, after: WorkspaceState): Finding[] {
  return [...before].flatMap(([key, kept]): Finding[] => {
    const now = after.get(key);
    if (now === undefined) return [{ kind: "lost", text: `${key} is gone` }];
    return text(now) === text(kept) ? [] : [{ kind: "lost", text: `${key} has changed: ${difference(kept, now)}` }];
  });
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array || isBufferJson(part)
      ? sha256(Buffer.from(part instanceof Uint8Array ? part : part.data))
      : part,
  );
}

/** A Buffer has become this before a replacer sees it. */
function isBufferJson(value: unknown): value is { type: "Buffer"; data: number[] } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;
}

function difference(one: Kept, other: Kept): string {
  if (text(one.row) !== text(other.row)) return `its row ${text(one.row)} is ${text(other.row)}`;
  const table = Object.keys(one.details).find((name) => text(one.details[name]) !== text(other.details[name]));
  if (table !== undefined) return `its rows in ${table}`;
  return `its files ${differentFiles(one.files, other.files).join(", ")}`;
}

export function differentFiles(one: Kept["files"], other: Kept["files"]): string[] {
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter((name) => one?.[name] !== other?.[name]);
}

/** Returns rows without a complete folder, and folders without a row. */
export function halfMade(folder: string, state: WorkspaceState): Finding[] {
  const findings: Finding[] = [];
  for (const [key, { kind, row, files }] of state) {
    // A run has files once it has a result.
    const expected = kind !== "runs" || row["status"] === "completed" || row["best_epoch"] !== null;
    if (expected && files === null) findings.push({ kind: "not whole", text: `${key} has no folder` });
    if (!expected && files !== null)
      findings.push({ kind: "not whole", text: `${key} has files before it has a result` });
  }
  for (const kind of keptKinds) {
    for (const name of namesIn(join(folder, kind)).filter((each) => /^\d+$/.test(each))) {
      if (!state.has(`${kind}/${name}`)) findings.push({ kind: "not whole", text: `${kind}/${name} has no row` });
    }
  }
  return findings;
}

/**
 * Returns files that the next opening should have removed.
 * @param temporary the folder for temporary files
 */
export function leftovers(folder: string, temporary: string): string[] {
  const aside = namesIn(folder, true).filter((path) => /(^|\/)\.(incoming|removed)-[^/]*$|\.partial$/.test(path));
  // Node's compile cache is there too.
  const elsewhere = namesIn(temporary).filter((name) => name.startsWith("ectopy"));
  return [...aside, ...namesIn(join(folder, "temporary")), ...elsewhere];
}

function namesIn(folder: string, recursive = false): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive, encoding: "utf8" }) : [];
}

/** Returns the findings of SQLite's integrity checks. */
export function databaseDamage(folder: string): Finding[] {
  const database = new Database(join(folder, "ectopy.sqlite"), { readonly: true, fileMustExist: true });
  try {
    const broken = (database.pragma("integrity_check") as { integrity_check: string }[]).map(
      ({ integrity_check }) => integrity_check,
    );
    const orphans = database.pragma("foreign_key_check") as unknown[];
    return [
      ...broken
        .filter((line) => line !== "ok")
        .map((line): Finding => ({ kind: "not whole", text: `database: ${line}` })),
      ...orphans.map((orphan): Finding => ({
        kind: "not whole",
        text: `reference to nothing: ${JSON.stringify(orphan)}`,
      })),
    ];
  } finally {
    database.close();
  }
}

/** Columns that depend on the time or the machine. */
const CIRCUMSTANCES = /(^at|_at|seconds)$|^(id|device|dataset_id|preparation_id|run_id)$/;

/**
 * Returns the content of a dataset, a preparation or a run independently of time and machine: a sorted line for each
 * file and value, so that differences between two can be named.
 */
export function outcomeOf({ row, details, files }: Kept): string[] {
  // Stored in blocks whose boundaries depend on the clock.
  const { step_curves: steps = [], ...others } = details;
  const curve = (column: string): string =>
    sha256(Buffer.concat(steps.map((piece) => piece[column]).filter((bytes) => bytes instanceof Uint8Array)));
  return [
    ...linesOf("row", row),
    ...Object.entries(others).flatMap(([table, rows]) => rows.flatMap((each, i) => linesOf(`${table} ${i}`, each))),
    ...(steps.length === 0 ? [] : [`steps: ${curve("losses")}, ${curve("accuracies")}`]),
    // A manifest contains the time.
    ...Object.entries(files ?? {})
      .filter(([name]) => name !== "manifest.json")
      .map(([name, hash]) => `file ${name}: ${hash}`),
  ].sort();
}

/** Returns the values of a row and of its JSON texts by path; empty values are left out. */
function linesOf(path: string, value: unknown): string[] {
  if (typeof value === "string" && /^[[{]/.test(value)) {
    const parsed = parsedJson(value);
    if (parsed !== undefined) return linesOf(path, parsed);
  }
  if (value instanceof Uint8Array) return [`${path}: ${sha256(Buffer.from(value))}`];
  if (typeof value !== "object" || value === null) return value === "" ? [] : [`${path}: ${String(value)}`];
  return Object.entries(value)
    .filter(([name]) => !CIRCUMSTANCES.test(name))
    .flatMap(([name, part]) => linesOf(`${path}.${name}`, part));
}

/** Returns undefined for text that damage has made invalid. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MAX_NAMED_DIFFERENCES = 3;

/** Returns the first lines that only one of two results has; empty if they are equal. */
export function differenceOf(found: readonly string[], expected: readonly string[]): string {
  const only = (one: readonly string[], other: readonly string[], sign: string): string[] =>
    one.filter((line) => !other.includes(line)).map((line) => `${sign}${line}`);
  const lines = [...only(found, expected, "+"), ...only(expected, found, "-")];
  const more = lines.length > MAX_NAMED_DIFFERENCES ? ` and ${lines.length - MAX_NAMED_DIFFERENCES} more` : "";
  return lines.slice(0, MAX_NAMED_DIFFERENCES).join("; ") + more;
}
