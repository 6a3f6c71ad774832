/** Tokens that let one browser in, once, within a time. Only their digests are kept. */
import { createHash, randomBytes } from "node:crypto";

/** From an address made on request to its use. */
export const TOKEN_LIFETIME_MS = 10 * 60_000;

interface Issued {
  timer: NodeJS.Timeout;
  gone: () => void;
}

export class Tokens {
  readonly #issued = new Map<string, Issued>();

  /**
   * @param lifetime in ms
   * @param gone called once it can't be used any more: it was used, its time is over, or the server ends
   */
  issue(lifetime: number, gone: () => void = () => {}): string {
    const token = randomBytes(32).toString("base64url");
    const digest = digestOf(token);
    const timer = setTimeout(() => this.#end(digest), lifetime).unref();
    this.#issued.set(digest, { timer, gone });
    return token;
  }

  /** @returns whether it lets in; from then on it does not */
  use(token: string): boolean {
    return this.#end(digestOf(token));
  }

  /** Ends all of them. */
  close(): void {
    for (const digest of [...this.#issued.keys()]) this.#end(digest);
  }

  #end(digest: string): boolean {
    const issued = this.#issued.get(digest);
    if (issued === undefined) return false;
    this.#issued.delete(digest);
    clearTimeout(issued.timer);
    issued.gone();
    return true;
  }
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
