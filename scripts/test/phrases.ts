/**
 * Finds the phrases of phrase-list.ts in the project's text and names: `node scripts/test/phrases.ts [PATH…]`. Without
 * a path it checks everything but `notYet`, as `npm test -- lint` does; with paths it checks those, `notYet` or not. A
 * finding is one line, `path:line: "phrase" → "replacement"`, and the exit status is 1.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { exempt, notYet, phrases, type Phrase } from "./phrase-list.ts";

export interface Finding {
  path: string;
  line: number;
  found: string;
  say: string;
}

const CHECKED_PATHS = [
  "src",
  "native",
  "scripts",
  "bench",
  "tests",
  "docs",
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CITATION.cff",
  "package.json",
  ".github",
  ".dependency-cruiser.cjs",
  "electron-builder.config.ts",
  "electron.vite.config.ts",
  "eslint.config.mjs",
  "vitest.config.ts",
];
const CHECKED_FILES = /\.(?:[cm]?ts|[cm]?js|vue|md|css|html|py|cc|cpp|h|hpp|wgsl|ya?ml|cff)$|^package\.json$/;
const SKIPPED_FOLDERS = new Set(["node_modules", "out", "dist", "build", ".git"]);

/** A line break in a comment or a paragraph, with the marks that begin the next line. */
const SPACE = String.raw`(?:[ \t]+|[ \t]*\n[ \t]*(?:\*|//|#|>)?[ \t]*)`;

function patternOf({ find }: Phrase): RegExp {
  if (typeof find !== "string") return new RegExp(find.source.replaceAll(" ", SPACE), find.flags);
  return new RegExp(String.raw`(?<!\w)${find.replaceAll(" ", SPACE)}(?!\w)`, "gi");
}

const compiled = phrases.map((phrase) => ({ ...phrase, pattern: patternOf(phrase) }));

/** Returns the findings in one text, in the order of their lines. `path` is relative to the project, with `/`. */
export function findPhrases(path: string, text: string): Finding[] {
  const findings: Finding[] = [];
  for (const { pattern, say, only } of compiled) {
    if (only !== undefined && !startsWithAny(path, only)) continue;
    for (const match of text.matchAll(pattern)) {
      const line = text.slice(0, match.index).split("\n").length;
      findings.push({ path, line, found: match[0].replaceAll(/\s+(?:(?:\*|\/\/|#|>)\s+)?/g, " "), say });
    }
  }
  return findings.sort((a, b) => a.line - b.line);
}

export function formatFinding({ path, line, found, say }: Finding): string {
  return `${path}:${line}: "${found}" → "${say}"`;
}

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`));
}

function* filesBelow(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) yield path;
  else {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (!SKIPPED_FOLDERS.has(entry.name)) yield* filesBelow(join(path, entry.name));
    }
  }
}

/** Checks files and folders of the project. `skipped` holds paths that are left out. */
function findInProject(project: string, paths: readonly string[], skipped: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const start of paths) {
    const full = join(project, start);
    if (!existsSync(full)) throw new Error(`${start} does not exist in the project.`);
    for (const file of filesBelow(full)) {
      const path = relative(project, file).split(sep).join("/");
      if (!CHECKED_FILES.test(path) || startsWithAny(path, skipped)) continue;
      findings.push(...findPhrases(path, readFileSync(file, "utf8")));
    }
  }
  return findings;
}

if (import.meta.main) {
  const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const named = process.argv.slice(2);
  const findings =
    named.length > 0
      ? findInProject(project, named, exempt)
      : findInProject(project, CHECKED_PATHS, [...exempt, ...notYet]);
  for (const finding of findings) console.log(formatFinding(finding));
  if (findings.length > 0) {
    console.log(`${findings.length} phrases to replace: docs/style.md has the rules, docs/glossary.md the words.`);
    process.exitCode = 1;
  }
}
