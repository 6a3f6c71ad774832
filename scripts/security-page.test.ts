/**
 * Compares docs/security.md with the project: its references, Electron's checklist, and the packages in the lock file.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import lock from "../package-lock.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");

interface Reference {
  path: string;
  symbol: string | undefined;
  /** Name of a test. */
  name: string | undefined;
}

/** `` `path` ``, `` `path#symbol` ``, `` `path` “test's name” `` */
function referencesIn(text: string): Reference[] {
  const pattern =
    /`((?:src|tests|scripts|native|docs)\/[^`#\s]+|[\w.-]+\.(?:json|ts|mjs))(?:#(\w+))?`(?:\s“([^”]+)”)?/g;
  return [...text.matchAll(pattern)].map(([, path, symbol, name]) => ({ path, symbol, name }));
}

function missingPart({ path, symbol, name }: Reference): string | null {
  if (!existsSync(join(root, path))) return `${path} does not exist`;
  if (symbol === undefined && name === undefined) return null;
  const text = readFileSync(join(root, path), "utf8");
  if (symbol !== undefined && !new RegExp(`\\b${symbol}\\b`).test(text)) return `${path} has no ${symbol}`;
  return name !== undefined && !text.includes(`"${name}"`) ? `${path} has no test “${name}”` : null;
}

describe("the security page", () => {
  it("names nothing that does not exist", () => {
    const references = referencesIn(page);
    expect(references.length).toBeGreaterThan(60);
    expect(references.map(missingPart).filter((missing) => missing !== null)).toEqual([]);
  });

  it("finds a file, a symbol and a test that do not exist", () => {
    const made =
      "`src/main/nowhere.ts` `src/main/shell/security.ts#nothing` `tests/integration/shell.test.ts` “is perfect”";
    expect(referencesIn(made).map(missingPart)).toEqual([
      "src/main/nowhere.ts does not exist",
      "src/main/shell/security.ts has no nothing",
      "tests/integration/shell.test.ts has no test “is perfect”",
    ]);
  });

  it("has all twenty points of Electron's checklist, each with its code, and with its test or the reason for none", () => {
    const points = [...page.matchAll(/^(\d+)\. \*\*.+$/gm)].map(([line, number]) => ({ number: Number(number), line }));
    expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    for (const { number, line } of points) {
      const references = referencesIn(line);
      expect(
        references.some(({ symbol }) => symbol !== undefined),
        `code of point ${number}`,
      ).toBe(true);
      const tested = references.some(({ name }) => name !== undefined) || line.includes("No test without a network");
      expect(tested, `test of point ${number}`).toBe(true);
    }
  });
});

interface Locked {
  name: string;
  version: string;
}

const packages: Locked[] = Object.entries<{ version?: string; dev?: boolean }>(lock.packages).flatMap(
  ([path, { version, dev }]) =>
    path === "" || dev === true || version === undefined
      ? []
      : [{ name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), version }],
);

/** Returns the rows of the table whose first columns have these heads. */
function tableOf(...columns: string[]): string[][] {
  const lines = page.split("\n");
  const cells = (line: string): string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const head = lines.findIndex((line) => columns.every((column, i) => cells(line)[i] === column));
  const below = lines.slice(head + 2);
  const end = below.findIndex((line) => !line.startsWith("|"));
  const rows = end < 0 ? below : below.slice(0, end);
  return rows.map((line) => cells(line).map((cell) => cell.replaceAll("`", "")));
}

/** Returns a negative number if `a` is older than `b`. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map((part) => Number.parseInt(part, 10)));
  const differences = left.map((part, i) => part - right[i]);
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** @param floors the first version without known vulnerabilities of each major version that has one */
function isSound(version: string, floors: readonly string[]): boolean {
  const major = version.split(".")[0];
  const floor = floors.find((each) => each.split(".")[0] === major) ?? floors.at(-1)!;
  return compareVersions(version, floor) >= 0;
}

describe("production packages", () => {
  it.for<[string, string[], boolean]>([
    ["6.2.1", ["7.5.21"], false],
    ["7.5.9", ["7.5.21"], false],
    ["7.5.21", ["7.5.21"], true],
    ["8.0.0", ["7.5.21"], true],
    ["6.3.2", ["6.3.1", "7.5.2"], true],
    ["5.7.2", ["6.3.1", "7.5.2"], false],
    ["7.5.1", ["6.3.1", "7.5.2"], false],
  ])("takes %s, where %s is sound, for %s", ([version, floors, sound]) => {
    expect(isSound(version, floors)).toBe(sound);
  });

  it("are not older than the first sound version that the page names", () => {
    const rows = tableOf("Package", "Sound from");
    expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(["tar", "adm-zip"]));
    for (const [name, floors] of rows) {
      const locked = packages.filter((each) => each.name === name);
      expect(locked.length, `${name} in the lock file`).toBeGreaterThan(0);
      const old = locked.filter(({ version }) => !isSound(version, floors.split(", ")));
      expect(old, `${name} below ${floors}`).toEqual([]);
    }
  });

  it("with known vulnerabilities are those that the page explains", () => {
    const rows = tableOf("Package", "Version", "Vulnerabilities");
    expect(rows.length).toBeGreaterThan(0);
    for (const [name, version, ...reasons] of rows) {
      expect(packages, `a reason for ${name} ${version} that is still needed`).toContainEqual({ name, version });
      expect(reasons.every((reason) => reason !== "")).toBe(true);
    }
  });

  it("were all audited: when they change, run `npm audit --omit=dev` and update the page's line", () => {
    const all = [...new Set(packages.map(({ name, version }) => `${name}@${version}`))].sort();
    const fingerprint = createHash("sha256").update(all.join("\n")).digest("hex").slice(0, 16);
    const [, stated] = /^Audited: (.+?)\. /m.exec(page) ?? [];
    expect(stated).toBe(`${all.length} production packages, fingerprint ${fingerprint}`);
  });
});
