/**
 * Remembers which files passed a check, so that the next run checks the others alone. The name of a result is a hash of
 * everything the check reads for a file. It holds in every copy of the project: the results are in the user's cache
 * folder.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Number of results that a check keeps: those of some versions of each file. */
const MAX_RESULTS = 20_000;
const SKIPPED_FOLDERS = new Set(["node_modules", "out", "dist", ".git"]);

/** Returns the hash of some texts. */
export function hashOf(...texts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(String(text.length)).update("\n").update(text);
  return hash.digest("hex").slice(0, 32);
}

/** Returns the files of a folder as paths relative to the project, with `/`, in a fixed order. */
export function projectFiles(project: string, folder = ""): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : projectFiles(project, path);
      return entry.isFile() ? [path] : [];
    });
}

/** The results of one check in a file, oldest first. */
export class PassedResults {
  readonly #path: string;
  readonly #results: Set<string>;

  /** @param path of the file; a damaged or missing one holds no results */
  constructor(path: string) {
    this.#path = path;
    this.#results = new Set(existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : []);
  }

  has(result: string): boolean {
    return this.#results.has(result);
  }

  /** Stores the results, which become the newest. */
  add(results: readonly string[]): void {
    for (const result of results) {
      this.#results.delete(result);
      this.#results.add(result);
    }
    const partial = `${this.#path}.${process.pid}.partial`;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(partial, [...this.#results].slice(-MAX_RESULTS).join("\n"));
    renameSync(partial, this.#path);
  }
}

/**
 * Returns for each file a hash of itself and of all files that it imports, directly or not: whatever the types of a
 * file depend on. Types of packages and global types are not included.
 */
export function hashesWithImports(project: string, files: readonly string[]): Map<string, string> {
  const read = new Map<string, { hash: string; imports: string[] }>();
  const contentOf = (path: string): { hash: string; imports: string[] } => {
    let content = read.get(path);
    if (content === undefined) {
      const text = existsSync(join(project, path)) ? readFileSync(join(project, path), "utf8") : null;
      content = { hash: text === null ? "missing" : hashOf(text), imports: importsOf(path, text ?? "") };
      read.set(path, content);
    }
    return content;
  };
  return new Map(
    files.map((file) => {
      const reached = new Set([file]);
      for (const path of reached) for (const imported of contentOf(path).imports) reached.add(imported);
      return [file, hashOf(...[...reached].sort().flatMap((path) => [path, contentOf(path).hash]))];
    }),
  );
}

/** Returns the files of the project that a file imports, and the files that declare the types of an imported script. */
function importsOf(path: string, text: string): string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map(
    ([, specifier]) => specifier,
  );
  return specifiers.flatMap((specifier) => {
    const imported = join(dirname(path), specifier).replaceAll("\\", "/");
    return [imported, imported.replace(/\.([cm]?)js$/, ".d.$1ts")];
  });
}
