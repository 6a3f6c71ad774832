/**
 * Reads PhysioNet's pages: the page of a database (title, licence, citation, access) and the index of a folder (sizes,
 * versions). They are HTML for people, and come from the network: what is not found is left empty.
 */

/** The page of a database. */
export interface DatabasePage {
  /** Empty: not found. */
  version: string;
  title: string;
  licence: string;
  /** Without `doi:`. */
  doi: string;
  citations: string[];
  /** Who may download the files, by the page's text; empty: the page does not say. */
  access: string;
  /** Total size of all files in bytes, rounded by the server; null: not found. */
  bytes: number | null;
}

/** Parses a database's page. */
export function parseDatabasePage(html: string): DatabasePage {
  const text = htmlText(html);
  const heading = /<h1[^>]{0,200}>([^<]{1,500})<\/h1>/i.exec(html)?.[1] ?? "";
  const title = /<meta\s+name="citation_title"\s+content="([^"]{1,500})"/i.exec(html)?.[1] ?? heading;
  return {
    version: /\bVersion:\s*(\d+(?:\.\d+){1,3})/.exec(text)?.[1] ?? "",
    title: decode(title).trim(),
    licence: htmlText(/License \(for files\):([^]{1,500}?)<\/a>/i.exec(html)?.[1] ?? ""),
    doi: /https:\/\/doi\.org\/(10\.\d{4,9}\/[\w./()-]{1,100})/.exec(html)?.[1] ?? "",
    citations: citationsIn(html),
    access: htmlText(/Access Policy:([^]{1,600}?)<\/p>/i.exec(html)?.[1] ?? ""),
    bytes: sizeIn(/Total uncompressed size:\s*([\d.,]+\s*[kKMGTP]?i?B)/.exec(text)?.[1] ?? ""),
  };
}

/** Text after "please cite", and after "standard citation": the next element's. */
function citationsIn(html: string): string[] {
  const found: string[] = [];
  for (const { index } of html.matchAll(/(?:please cite|standard citation)/gi)) {
    const after = html.slice(index, index + 4000);
    const [, cited = ""] = /<\/strong>[^]{0,1500}?<(?:span|p)>([^]{1,1500}?)<\/(?:span|p)>/i.exec(after) ?? [];
    const text = htmlText(cited);
    if (text.length > 20 && !found.includes(text)) found.push(text);
  }
  return found;
}

/** Returns whether the page's policy lets anyone download the files. */
export function isOpenAccess(access: string): boolean {
  return access === "" || /^(anyone can access|open)/i.test(access);
}

/** A folder's index. */
export interface FolderIndex {
  /** Sizes of the files in bytes, by name. */
  files: Map<string, number>;
  folders: string[];
}

/** Parses the index of a folder: a link for each entry, and behind a file's its date and its size in bytes. */
export function parseFolderIndex(html: string): FolderIndex {
  const files = new Map<string, number>();
  const folders: string[] = [];
  for (const line of html.split("\n")) {
    const [, href, rest] = /<a href="([^"?]{1,500})"[^>]{0,200}>(.*)$/i.exec(line) ?? [];
    if (href === undefined) continue;
    const name = decodeName(href.replace(/^\.\//, ""));
    if (name === null || name.startsWith("/") || name.startsWith("..")) continue;
    if (name.endsWith("/")) folders.push(name.slice(0, -1));
    else {
      const bytes = /\s(\d{1,15})\s*(?:<|$)/.exec(rest.slice(rest.indexOf("</a>") + 4))?.[1];
      if (bytes !== undefined) files.set(name, Number(bytes));
    }
  }
  return { files, folders };
}

/** Returns the highest of the versions, such as `1.2.0`; null: none. */
export function latestVersion(names: readonly string[]): string | null {
  const versions = names.filter((name) => /^\d+(\.\d+){1,3}$/.test(name));
  const parts = (version: string): number[] => version.split(".").map(Number);
  versions.sort((a, b) => {
    const [left, right] = [parts(a), parts(b)];
    for (let i = 0; i < 4; i++) {
      const difference = (left[i] ?? 0) - (right[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return versions.at(-1) ?? null;
}

/** Returns the first line of a licence's text. */
export function licenceName(text: string): string {
  const line = text.split(/\r?\n/).find((each) => /[a-z]/i.test(each)) ?? "";
  return line.trim().slice(0, 200);
}

const units = ["B", "KB", "MB", "GB", "TB", "PB"];

/** Parses `794.8 MB`: thousands are 1024, as Django's filesizeformat counts. */
function sizeIn(text: string): number | null {
  const [, number, unit = ""] = /^([\d.,]+)\s*(\w+)$/.exec(text) ?? [];
  const power = units.indexOf(unit.toUpperCase().replace("IB", "B"));
  const value = Number(number?.replaceAll(",", ""));
  return power < 0 || !Number.isFinite(value) ? null : Math.round(value * 1024 ** power);
}

function decodeName(href: string): string | null {
  try {
    return decodeURIComponent(decode(href));
  } catch {
    return null;
  }
}

/** Returns the text of a piece of HTML, in one line. */
function htmlText(html: string): string {
  return decode(html.replaceAll(/<[^>]{0,2000}>/g, " "))
    .replaceAll(/\s+/g, " ")
    .trim();
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", apos: "'" };

function decode(text: string): string {
  return text.replaceAll(/&(#x?[\da-f]{1,6}|[a-z]{2,6});/gi, (whole, code: string) => {
    if (!code.startsWith("#")) return entities[code.toLowerCase()] ?? whole;
    const point = /^#x/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "";
  });
}
