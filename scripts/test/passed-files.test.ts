import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hashesWithImports, hashOf, PassedResults, projectFiles } from "./passed-files.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy passed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("hashesWithImports", () => {
  it("changes with the file and with whatever it imports, and with nothing else", () => {
    write("src/a.ts", 'import { b } from "./b.ts";\nexport const a = b;');
    write("src/b.ts", 'export { c as b } from "../lib/c.mjs";');
    write("src/other.ts", 'import type { A } from "./a.ts";');
    write("lib/c.mjs", "export const c = 1;");
    const files = ["src/a.ts", "src/b.ts", "src/other.ts"];
    const before = hashesWithImports(folder, files);
    const changed = (): string[] => {
      const after = hashesWithImports(folder, files);
      return files.filter((file) => after.get(file) !== before.get(file));
    };
    expect(changed()).toEqual([]);
    write("src/unrelated.ts", "");
    expect(changed()).toEqual([]);
    write("lib/c.d.mts", "export const c: number;");
    expect(changed()).toEqual(files);
    rmSync(join(folder, "lib/c.d.mts"));
    write("src/other.ts", 'import type { A } from "./a.ts"; ');
    expect(changed()).toEqual(["src/other.ts"]);
  });

  it("sees imports inside of types, and ends in a circle", () => {
    write("src/x.ts", 'export type X = import("./y.ts").Y;');
    write("src/y.ts", 'import "./x.ts";');
    const before = hashesWithImports(folder, ["src/x.ts"]);
    write("src/y.ts", 'import "./x.ts"; export type Y = 1;');
    expect(hashesWithImports(folder, ["src/x.ts"])).not.toEqual(before);
  });
});

describe("hashOf", () => {
  it("distinguishes where one text ends", () => {
    expect(hashOf("ab", "c")).not.toBe(hashOf("a", "bc"));
  });
});

describe("projectFiles", () => {
  it("lists files of all folders but packages and builds", () => {
    write("listed/z.ts", "");
    write("listed/a/b.ts", "");
    write("listed/node_modules/p.js", "");
    write("listed/out/main.js", "");
    expect(projectFiles(join(folder, "listed"))).toEqual(["a/b.ts", "z.ts"]);
  });
});

describe("PassedResults", () => {
  it("keeps results between runs", () => {
    const path = join(folder, "cache", "lint");
    const first = new PassedResults(path);
    expect(first.has("one")).toBe(false);
    first.add(["one", "two"]);
    new PassedResults(path).add(["one", "three"]);
    const second = new PassedResults(path);
    expect(["one", "two", "three"].every((result) => second.has(result))).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("two\none\nthree");
  });
});
