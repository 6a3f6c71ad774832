/** Checks the pages of the project: each path and link exists, and the glossary is sorted. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import { createProgram } from "../src/main/cli/program.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const pages = [".", "docs", "docs/adr", "docs/notes", "tests/cases"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name).replaceAll("\\", "/")),
);

/**
 * Returns the paths and links of a page that do not exist: `` `src/…` `` from the root, links from the page's folder.
 */
function missingIn(page: string, text: string): string[] {
  const paths = [...text.matchAll(/`((?:src|tests|scripts|native|docs|bench)\/[^`*#\s]*)(?:#\w+)?`/g)]
    .map(([, path]) => path)
    .filter((path) => !existsSync(join(root, path)));
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    .filter(([, path, anchor]) => {
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(path === "" ? text : read(target)).includes(anchor);
    })
    .map(([link]) => link);
  return [...paths, ...links];
}

/** Returns the anchors of a page: `<a id="…">`, and one for each heading as GitHub makes it. */
function anchorsOf(text: string): string[] {
  const ids = [...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
  return [...ids, ...headings];
}

it.each(pages)("%s names nothing that does not exist", (page) => {
  expect(missingIn(page, read(page))).toEqual([]);
});

it("finds a path, a link and an anchor that do not exist", () => {
  const text =
    "# A head, a line\n`src/nowhere.ts` `src/main/` [a](nowhere.md) [b](glossary.md#beat) [c](glossary.md#nothing) [d](#none) [e](#a-head-a-line)";
  expect(missingIn("docs/style.md", text)).toEqual([
    "src/nowhere.ts",
    "](nowhere.md)",
    "](glossary.md#nothing)",
    "](#none)",
  ]);
});

describe("a command line of the pages", () => {
  const program = createProgram();
  const lines = pages.flatMap((page) =>
    [...read(page).matchAll(/^(?:npm run -s ectopy --|ectopy) ([^#\n]+)/gm)].map(([, line]) => line.trim()),
  );

  it.each([...new Set(lines)])("names a command and options that exist: ectopy %s", (line) => {
    const words = line.split(/\s+/);
    const [name, ...rest] = words;
    const command = program.commands.find((each) => each.name() === name);
    const inner = command?.commands.find((each) => each.name() === rest[0]) ?? command;
    const known = [inner, command, program].flatMap((each) => each?.options.map(({ long }) => long) ?? []);
    expect(command?.name()).toBe(name);
    for (const option of words.filter((word) => word.startsWith("--"))) expect(known).toContain(option);
  });
});

describe("the glossary", () => {
  const entries = read("docs/glossary.md")
    .split("\n")
    .filter((line) => line.startsWith("- <a "));

  it("has each entry on one line, with an anchor, a term and a meaning", () => {
    expect(entries.length).toBeGreaterThan(30);
    for (const line of entries) expect(line).toMatch(/^- <a id="[a-z0-9-]+"><\/a>\*\*[^*]+\*\*.*: .+\.$/);
  });

  it("is in alphabetical order, without a term twice", () => {
    const anchors = entries.map((line) => /id="([^"]+)"/.exec(line)?.[1]);
    expect(anchors).toEqual([...new Set(anchors)].sort());
  });
});

it("cites the version and the licence of the package", () => {
  const { version, license } = packageJson;
  expect(parse(read("CITATION.cff"))).toMatchObject({ "cff-version": "1.2.0", type: "software", version, license });
});

describe("the issue forms", () => {
  const forms = readdirSync(join(root, ".github/ISSUE_TEMPLATE")).filter((name) => name !== "config.yml");

  it.each(forms)("%s has a name, and fields with unique ids and labels", (name) => {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`)) as { name?: string; body: Field[] };
    const fields = form.body.filter(({ type }) => type !== "markdown");
    expect(form.name).toBeTruthy();
    expect(fields.length).toBeGreaterThan(0);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    for (const { type, attributes } of fields) expect([type, attributes.label]).toEqual([type, expect.any(String)]);
  });
});

interface Field {
  type: string;
  id?: string;
  attributes: { label?: string };
}
