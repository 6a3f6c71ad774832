/**
 * Text of files: UTF-8, and Windows-1252 where the bytes are no UTF-8. Most recorders write ASCII, which both agree on.
 *
 * Source: RFC 3629 (UTF-8); the WHATWG Encoding Standard's index of windows-1252.
 */

/** Windows-1252's characters 0x80 to 0x9F; all other bytes are Latin-1. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const BYTE_ORDER_MARK = "\ufeff";

/** Decodes text and drops a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes) ?? decodeWindows1252(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Returns null where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const text = new TextBuilder();
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at];
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : 3;
    if (more === 3 && (first < 0xf0 || first > 0xf4)) return null;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 1; i <= more; i++) {
      const next = bytes[at + i];
      if (at + i >= bytes.length || next >> 6 !== 2) return null;
      code = (code << 6) | (next & 0x3f);
    }
    const isOverlong = (more === 2 && code < 0x800) || (more === 3 && code < 0x10000);
    if (isOverlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
    text.add(code);
    at += more + 1;
  }
  return text.toString();
}

function decodeWindows1252(bytes: Uint8Array): string {
  const text = new TextBuilder();
  for (const byte of bytes) text.add(byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte);
  return text.toString();
}

/** Text of code points. Adding characters to a string one by one would take 32 bytes for each. */
class TextBuilder {
  readonly #units = new Uint16Array(4096);
  #count = 0;
  readonly #pieces: string[] = [];

  add(code: number): void {
    if (this.#count > this.#units.length - 2) this.#flush();
    if (code < 0x10000) {
      this.#units[this.#count++] = code;
      return;
    }
    this.#units[this.#count++] = 0xd800 + ((code - 0x10000) >> 10);
    this.#units[this.#count++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
  }

  toString(): string {
    this.#flush();
    return this.#pieces.join("");
  }

  #flush(): void {
    this.#pieces.push(String.fromCharCode(...this.#units.subarray(0, this.#count)));
    this.#count = 0;
  }
}

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return Uint8Array.from(out);
}
