/** Tokens that sign one browser in, once, within a lifetime. Only their digests are kept. */
import { createHash, randomBytes } from "node:crypto";

/** Time from making an address to its use. */
export const TOKEN_LIFETIME_MS = 10 * 60_000;

interface Issued {
  timer: NodeJS.Timeout;
  gone: () => void;
}

export class Tokens {
  readonly #issued = new Map<string, Issued>();

  /**
   * @param lifetime in ms
   * @param gone called once the token is used, expired, or the server ends
   */
  issue(lifetime: number, gone: () => void = () => {}): string {
    const token = randomBytes(32).toString("base64url");
    const digest = digestOf(token);
    const timer = setTimeout(() => this.#end(digest), lifetime).unref();
    this.#issued.set(digest, { timer, gone });
    return token;
  }

  /** Uses a token. @returns whether it was valid; afterwards it is not */
  use(token: string): boolean {
    return this.#end(digestOf(token));
  }

  /** Invalidates all tokens. */
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
