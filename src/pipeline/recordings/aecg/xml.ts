/**
 * Reads an XML document as a tree of elements: enough for HL7 aECG, and safe for files of unknown origin.
 *
 * There is no package in this layer, and packages differ in what they do about entities. Here a document type is refused,
 * so that no entity can be defined; only the five of XML and character references are known.
 * Source: W3C, "Extensible Markup Language (XML) 1.0" (fifth edition), sections 2 to 4.
 */
import { damaged, quote } from "../wfdb/faults.ts";

export interface XmlElement {
  /** Name without a prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Text of the element, without its children's. */
  text: string;
}

const MAX_DEPTH = 200;
/** An element takes some 200 bytes: these take 40 MB. */
const MAX_ELEMENTS = 200_000;
const MAX_ATTRIBUTES = 100;
const MAX_NAME_LENGTH = 200;
const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const NAME = /[A-Za-z_][\w.:-]*/y;
const SPACE = /[ \t\r\n]*/y;

/** @throws EctopyError `damaged-file`, with the character */
export function parseXml(text: string, file: string): XmlElement {
  return new XmlParser(text, file).parse();
}

class XmlParser {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #count = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  parse(): XmlElement {
    const root: XmlElement = { name: "", attributes: new Map(), children: [], text: "" };
    const open: { element: XmlElement; texts: string[] }[] = [{ element: root, texts: [] }];
    while (this.#at < this.#text.length) {
      const current = open[open.length - 1];
      const tag = this.#text.indexOf("<", this.#at);
      if (tag < 0) break;
      if (tag > this.#at) current.texts.push(this.#decoded(this.#text.slice(this.#at, tag)));
      this.#at = tag;
      if (this.#passes("<!--")) this.#passTo("-->");
      else if (this.#passes("<?")) this.#passTo("?>");
      else if (this.#passes("<![CDATA[")) {
        const from = this.#at;
        this.#passTo("]]>");
        current.texts.push(this.#text.slice(from, this.#at - 3));
      } else if (this.#passes("<!")) {
        throw this.#fault(tag, "a document type is not read, since it can define entities");
      } else if (this.#passes("</")) {
        const name = this.#name();
        this.#space();
        if (!this.#passes(">")) throw this.#fault(tag, "an end tag is not closed");
        if (open.length === 1 || current.element.name !== name) {
          throw this.#fault(tag, `the end tag ${quote(name)} does not close ${quote(current.element.name)}`);
        }
        current.element.text = current.texts.join("");
        open.pop();
        if (open.length === 1) return root.children[0];
      } else {
        this.#at++;
        const { element, isEmpty } = this.#startTag(tag);
        current.element.children.push(element);
        if (!isEmpty) open.push({ element, texts: [] });
        else if (open.length === 1) return element;
        if (open.length > MAX_DEPTH) throw this.#fault(tag, `elements are nested more than ${MAX_DEPTH} deep`);
      }
    }
    const last = open[open.length - 1].element.name;
    throw this.#fault(this.#text.length, last === "" ? "there is no element" : `${quote(last)} is not closed`);
  }

  #startTag(start: number): { element: XmlElement; isEmpty: boolean } {
    if (++this.#count > MAX_ELEMENTS) throw this.#fault(start, `there are more than ${MAX_ELEMENTS} elements`);
    const element: XmlElement = { name: this.#name(), attributes: new Map(), children: [], text: "" };
    const attributes = new Map<string, string>();
    for (;;) {
      this.#space();
      if (this.#passes("/>")) return { element: { ...element, attributes }, isEmpty: true };
      if (this.#passes(">")) return { element: { ...element, attributes }, isEmpty: false };
      const name = this.#name();
      this.#space();
      if (!this.#passes("=")) throw this.#fault(this.#at, `the attribute ${quote(name)} has no value`);
      this.#space();
      const mark = this.#text[this.#at];
      const end = mark === '"' || mark === "'" ? this.#text.indexOf(mark, this.#at + 1) : -1;
      if (end < 0) throw this.#fault(this.#at, `the value of ${quote(name)} is not closed`);
      attributes.set(name, this.#decoded(this.#text.slice(this.#at + 1, end)));
      if (attributes.size > MAX_ATTRIBUTES)
        throw this.#fault(start, `a tag has more than ${MAX_ATTRIBUTES} attributes`);
      this.#at = end + 1;
    }
  }

  /** Returns a name without its prefix. */
  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined || name.length > MAX_NAME_LENGTH) throw this.#fault(this.#at, "a name was expected");
    this.#at += name.length;
    return name.slice(name.indexOf(":") + 1);
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #passes(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #passTo(token: string): void {
    const end = this.#text.indexOf(token, this.#at);
    if (end < 0) throw this.#fault(this.#at, `${quote(token)} is missing`);
    this.#at = end + token.length;
  }

  #decoded(text: string): string {
    if (!text.includes("&")) return text;
    return text.replace(
      /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,10}));/g,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name] : whole;
        const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    );
  }

  #fault(at: number, what: string): Error {
    return damaged(`${this.#file}, character ${at}: ${what}.`);
  }
}

/** Returns the elements below one along a path of names. */
export function elementsAt(element: XmlElement, path: readonly string[]): XmlElement[] {
  return path.reduce<XmlElement[]>(
    (elements, name) => elements.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );
}

/** Returns an attribute of the first element along a path; empty: there is none. */
export function attributeAt(element: XmlElement, path: readonly string[], name: string): string {
  return elementsAt(element, path)[0]?.attributes.get(name) ?? "";
}
