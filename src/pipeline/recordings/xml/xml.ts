/**
 * Reads an XML document as a tree of elements: enough for HL7 aECG and Mortara ELI, and safe for files of unknown origin. The file is
 * read in windows, and samples become numbers at once: their text would take several times their memory.
 *
 * There is no package in this layer, and packages differ in what they do about entities. Here a document type is refused,
 * so that no entity can be defined; only the five of XML and character references are known.
 * Source: W3C, "Extensible Markup Language (XML) 1.0" (fifth edition), sections 2 to 4.
 */
import type { SourceBytes } from "../source.ts";
import { decodeText } from "../text.ts";
import { damaged, quote } from "../wfdb/faults.ts";
import { ByteCursor, END } from "./byte-cursor.ts";
import { IntegerList } from "./integer-list.ts";

export interface XmlElement {
  /** Name without a prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Text of the element, without its children's; cut at {@link MAX_TEXT_BYTES}. */
  text: string;
  /** Samples in the text, in consecutive parts: of elements that are lists of numbers. */
  numbers: readonly Int32Array[];
}

const MAX_DEPTH = 200;
/** An element takes some 200 bytes: these take 40 MB. */
const MAX_ELEMENTS = 200_000;
const MAX_ATTRIBUTES = 100;
const MAX_NAME_LENGTH = 200;
const MAX_TEXT_BYTES = 1 << 16;
/** Longest value of an attribute: samples of Mortara ELI are one. */
const MAX_VALUE_BYTES = 1 << 20;
/** Longest total of texts and attributes. */
const MAX_TOTAL_TEXT_BYTES = 1 << 24;
const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const noAttributes: ReadonlyMap<string, string> = new Map();
const noNumbers: readonly Int32Array[] = [];

const LESS_THAN = 0x3c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/** An element whose end tag has not been read. */
interface OpenElement {
  element: XmlElement;
  texts: string[];
  textBytes: number;
  numbers: IntegerList | null;
}

/**
 * @param numberLists names of elements whose text is a list of integers
 * @throws EctopyError `damaged-file`, with the byte
 */
export function parseXml(bytes: SourceBytes, file: string, numberLists: readonly string[] = []): XmlElement {
  return new XmlParser(bytes, file, numberLists).parse();
}

class XmlParser {
  readonly #bytes: ByteCursor;
  readonly #file: string;
  readonly #numberLists: readonly string[];
  #elements = 0;
  #textBytes = 0;

  constructor(bytes: SourceBytes, file: string, numberLists: readonly string[]) {
    this.#bytes = new ByteCursor(bytes);
    this.#file = file;
    this.#numberLists = numberLists;
  }

  parse(): XmlElement {
    const root = this.#opened({ name: "", attributes: noAttributes });
    const open = [root];
    for (;;) {
      const current = open[open.length - 1];
      this.#readText(current);
      const tag = this.#bytes.position;
      if (this.#bytes.peek() === END) {
        const { name } = current.element;
        throw this.#fault(tag, name === "" ? "there is no element" : `${quote(name)} is not closed`);
      }
      if (this.#bytes.passes("<!--")) this.#passTo("-->", null);
      else if (this.#bytes.passes("<?")) this.#passTo("?>", null);
      else if (this.#bytes.passes("<![CDATA[")) this.#passTo("]]>", current);
      else if (this.#bytes.passes("<!")) {
        throw this.#fault(tag, "a document type is not read, since it can define entities");
      } else if (this.#bytes.passes("</")) {
        this.#endTag(tag, current.element);
        open.pop();
        close(current);
        if (open.length === 1) return root.element.children[0];
      } else {
        this.#bytes.pass();
        const { started, isEmpty } = this.#startTag(tag);
        current.element.children.push(started.element);
        if (!isEmpty) open.push(started);
        else if (open.length === 1) return started.element;
        if (open.length > MAX_DEPTH) throw this.#fault(tag, `elements are nested more than ${MAX_DEPTH} deep`);
      }
    }
  }

  #opened({ name, attributes }: Pick<XmlElement, "name" | "attributes">): OpenElement {
    return {
      element: { name, attributes, children: [], text: "", numbers: noNumbers },
      texts: [],
      textBytes: 0,
      numbers: this.#numberLists.includes(name) ? new IntegerList() : null,
    };
  }

  /** Reads text up to the next tag, or the end of the file. */
  #readText(current: OpenElement): void {
    const text: number[] = [];
    while (this.#bytes.peek() !== LESS_THAN && this.#bytes.peek() !== END) {
      this.#addText(current, this.#bytes.run(LESS_THAN), text);
    }
    if (text.length > 0) current.texts.push(this.#decoded(text));
  }

  /** Adds bytes to a list of numbers, else to the text, up to its limit. */
  #addText(current: OpenElement, bytes: Uint8Array, text: number[]): void {
    if (current.numbers !== null) {
      current.numbers.add(bytes);
      return;
    }
    for (const byte of bytes.subarray(0, MAX_TEXT_BYTES - current.textBytes)) text.push(byte);
    current.textBytes = Math.min(MAX_TEXT_BYTES, current.textBytes + bytes.length);
  }

  #endTag(tag: number, element: XmlElement): void {
    const name = this.#name();
    this.#space();
    if (!this.#bytes.passes(">")) throw this.#fault(tag, "an end tag is not closed");
    if (element.name !== name) {
      throw this.#fault(tag, `the end tag ${quote(name)} does not close ${quote(element.name)}`);
    }
  }

  #startTag(tag: number): { started: OpenElement; isEmpty: boolean } {
    if (++this.#elements > MAX_ELEMENTS) throw this.#fault(tag, `there are more than ${MAX_ELEMENTS} elements`);
    const name = this.#name();
    const attributes = new Map<string, string>();
    for (;;) {
      this.#space();
      const isEmpty = this.#bytes.passes("/>");
      if (isEmpty || this.#bytes.passes(">")) {
        return {
          started: this.#opened({ name, attributes: attributes.size === 0 ? noAttributes : attributes }),
          isEmpty,
        };
      }
      const attribute = this.#name();
      this.#space();
      if (!this.#bytes.passes("=")) {
        throw this.#fault(this.#bytes.position, `the attribute ${quote(attribute)} has no value`);
      }
      this.#space();
      attributes.set(attribute, this.#value(attribute));
      if (attributes.size > MAX_ATTRIBUTES) throw this.#fault(tag, `a tag has more than ${MAX_ATTRIBUTES} attributes`);
    }
  }

  #value(attribute: string): string {
    const from = this.#bytes.position;
    const mark = this.#bytes.peek();
    const value: number[] = [];
    if (mark === DOUBLE_QUOTE || mark === SINGLE_QUOTE) {
      this.#bytes.pass();
      while (this.#bytes.peek() !== mark && this.#bytes.peek() !== END) {
        const run = this.#bytes.run(mark);
        if (value.length + run.length > MAX_VALUE_BYTES) {
          throw this.#fault(from, `the value of ${quote(attribute)} is longer than ${MAX_VALUE_BYTES} bytes`);
        }
        for (const byte of run) value.push(byte);
      }
    }
    if (this.#bytes.peek() !== mark || mark === END) {
      throw this.#fault(from, `the value of ${quote(attribute)} is not closed`);
    }
    this.#bytes.pass();
    return this.#decoded(value);
  }

  /** Returns a name without its prefix. */
  #name(): string {
    const from = this.#bytes.position;
    let name = "";
    for (let code = this.#bytes.peek(); isNamePart(code, name === ""); code = this.#bytes.peek()) {
      name += String.fromCharCode(code);
      this.#bytes.pass();
      if (name.length > MAX_NAME_LENGTH) break;
    }
    if (name === "" || name.length > MAX_NAME_LENGTH) throw this.#fault(from, "a name was expected");
    return name.slice(name.indexOf(":") + 1);
  }

  #space(): void {
    for (;;) {
      const code = this.#bytes.peek();
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.#bytes.pass();
    }
  }

  /** Passes what is before a token, and the token. @param current the element whose text it is; null: it is no text */
  #passTo(token: string, current: OpenElement | null): void {
    const from = this.#bytes.position;
    const text: number[] = [];
    while (!this.#bytes.passes(token)) {
      if (this.#bytes.peek() === END) throw this.#fault(from, `${quote(token)} is missing`);
      if (current !== null) this.#addText(current, Uint8Array.of(this.#bytes.peek()), text);
      this.#bytes.pass();
      if (current === null) this.#bytes.run(token.charCodeAt(0));
    }
    if (text.length > 0) current?.texts.push(this.#textOf(text));
  }

  /** Decodes bytes of a text, and counts them. @throws EctopyError `damaged-file` beyond the limit of all texts */
  #textOf(bytes: readonly number[]): string {
    this.#textBytes += bytes.length;
    if (this.#textBytes > MAX_TOTAL_TEXT_BYTES) {
      throw this.#fault(this.#bytes.position, `texts and attributes have more than ${MAX_TOTAL_TEXT_BYTES} bytes`);
    }
    return decodeText(Uint8Array.from(bytes));
  }

  /** Decodes bytes of a text, and replaces its references. */
  #decoded(bytes: readonly number[]): string {
    const text = this.#textOf(bytes);
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
    return damaged(`${this.#file}, byte ${at}: ${what}.`);
  }
}

/** Ends an element: its text and its numbers are complete. */
function close({ element, texts, numbers }: OpenElement): void {
  element.text = texts.join("");
  if (numbers !== null) element.numbers = numbers.end();
}

/** Returns whether a byte can be in a name: ASCII, as all names of these formats are. */
function isNamePart(code: number, isFirst: boolean): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
  return isLetter || (!isFirst && ((code >= 0x30 && code <= 0x3a) || code === 0x2d || code === 0x2e));
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
