import { describe, expect, it } from "vitest";
import { glossary, parseGlossary, searchGlossary } from "./glossary.ts";

describe("the glossary", () => {
  it("reads each entry with its code, its bold words and its links to other entries", () => {
    const [entry] = parseGlossary(
      '- <a id="ppv"></a>**PPV** (of `P`): see [sensitivity](#sensitivity) and **F1**. In %. Not: precision.\n\n## Sources\n',
    );
    expect(entry).toEqual({
      id: "ppv",
      term: "PPV",
      text: [
        { kind: "text", text: " (of " },
        { kind: "code", text: "P" },
        { kind: "text", text: "): see " },
        { kind: "term", text: "sensitivity", id: "sensitivity" },
        { kind: "text", text: " and " },
        { kind: "strong", text: "F1" },
        { kind: "text", text: ". In %. Not: precision." },
      ],
      meaning: " (of P): see sensitivity and F1. In %.",
    });
  });

  it("has all entries of docs/glossary.md, and links to entries alone", () => {
    const ids = glossary.map(({ id }) => id);
    expect(ids).toContain("sensitivity");
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { text, meaning } of glossary) {
      expect(meaning.length).toBeGreaterThan(20);
      for (const segment of text) if (segment.kind === "term") expect(ids).toContain(segment.id);
    }
  });

  it("finds entries by any of their words, those with the words in the term first", () => {
    const found = searchGlossary("validation set").map(({ id }) => id);
    expect(found[0]).toBe("training-validation-and-test-set");
    expect(searchGlossary("SENSITIVITY")[0].id).toBe("sensitivity");
    expect(searchGlossary("sensitivity").length).toBeGreaterThan(2);
    expect(searchGlossary("no such word")).toEqual([]);
    expect(searchGlossary("")).toHaveLength(glossary.length);
  });
});
