import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exempt, notYet } from "./phrase-list.ts";
import { findPhrases, formatFinding } from "./phrases.ts";

const found = (path: string, text: string): string[] => findPhrases(path, text).map(formatFinding);

describe("findPhrases", () => {
  it("finds a phrase in any case, with its line and its replacement", () => {
    expect(found("docs/a.md", "One.\nAnew, and once more anew.")).toEqual([
      'docs/a.md:2: "Anew" → "again"',
      'docs/a.md:2: "anew" → "again"',
    ]);
  });

  it("finds a phrase that a comment breaks over two lines", () => {
    expect(found("src/a.ts", "/**\n * Put in\n * words.\n */")).toEqual(['src/a.ts:2: "in words" → "as text"']);
    expect(found("src/a.ts", "// A file of its\n// own.")).toHaveLength(1);
  });

  it("finds a term in names and text", () => {
    expect(found("src/a.ts", "const preparedSets = labelMap;")).toHaveLength(2);
  });

  it("finds a label as a whole string or the whole text of an element, and nowhere else", () => {
    expect(found("src/a.ts", 'title: "Closer"')).toEqual(['src/a.ts:1: "Closer" → "Zoom in"']);
    expect(found("src/a.vue", "<span>\n  Later\n</span>")).toEqual(['src/a.vue:2: "Later" → "Scroll right"']);
    expect(found("src/a.vue", '<p title="Closer to the peak">Later beats</p>')).toEqual([]);
    expect(found("docs/a.md", '"Closer"')).toEqual([]);
    expect(found("bench/a.ts", "[aria-label='Closer']")).toHaveLength(1);
  });

  it("finds a label with a value in it", () => {
    expect(found("src/a.vue", "<p>{{ count }} in line</p>")).toEqual(['src/a.vue:1: " in line" → "position N"']);
    expect(found("src/a.ts", "`${count} chosen`")).toHaveLength(1);
  });

  it("leaves other senses and longer words alone", () => {
    expect(found("src/a.ts", "V stands for ventricular; understand; unwanted; taken in one pass; in wordsets")).toEqual(
      [],
    );
  });
});

it.each([...exempt, ...notYet])("the list names a path that exists: %s", (path) => {
  expect(existsSync(join(import.meta.dirname, "../..", path))).toBe(true);
});
