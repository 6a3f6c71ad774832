/** The glossary (docs/glossary.md) for the window: the same entries, read at build time. */
import source from "../../../docs/glossary.md?raw";

/** A piece of an entry's text. */
export type Segment =
  | { kind: "text" | "code" | "strong"; text: string }
  /** A link to another entry. */
  | { kind: "term"; text: string; id: string };

export interface GlossaryEntry {
  /** Anchor of the entry: `ppv`. */
  id: string;
  /** `PPV`, `training set, validation set, test set` */
  term: string;
  /** Text after the term, which begins with a colon or a bracket. */
  text: readonly Segment[];
  /** Meaning without what the term is not used for, as one text: for a short help beside a label. */
  meaning: string;
}

const ENTRY = /^- <a id="([^"]+)"><\/a>\*\*(.+?)\*\*(.*)$/gm;
const MARK = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(#([^)]+)\)/g;

/** Reads the entries of a glossary in Markdown: one list item each, with an anchor and the term in bold type. */
export function parseGlossary(markdown: string): GlossaryEntry[] {
  return [...markdown.matchAll(ENTRY)].map(([, id, term, rest]) => {
    const text = segmentsOf(rest);
    const plain = text.map((segment) => segment.text).join("");
    return { id, term, text, meaning: plain.replace(/^: /, "").split(/ Not: /)[0] };
  });
}

function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  const push = (segment: Segment): void => void (segment.text !== "" && segments.push(segment));
  for (const match of text.matchAll(MARK)) {
    const [whole, code, strong, link, id] = match as unknown as [string, ...(string | undefined)[]];
    push({ kind: "text", text: text.slice(end, match.index) });
    if (code !== undefined) push({ kind: "code", text: code });
    else if (strong !== undefined) push({ kind: "strong", text: strong });
    else push({ kind: "term", text: link!, id: id! });
    end = match.index + whole.length;
  }
  push({ kind: "text", text: text.slice(end) });
  return segments;
}

export const glossary: readonly GlossaryEntry[] = parseGlossary(source);

/** Returns entries that have every word, in the term or in the text, in any case; those whose term matches come first. */
export function searchGlossary(text: string, entries: readonly GlossaryEntry[] = glossary): GlossaryEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (where: string): boolean => words.every((word) => where.toLowerCase().includes(word));
  const found = entries.filter(({ term, text: segments }) =>
    has(`${term} ${segments.map((segment) => segment.text).join("")}`),
  );
  return [...found.filter(({ term }) => has(term)), ...found.filter(({ term }) => !has(term))];
}
