/** Browsers that were let in, as digests of their cookies: kept, so that a page comes back when the server is started anew. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** Digest of a session, and when it ends, in ms since 1970. */
const fileSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.number());
/** The latest so many. */
const KEPT = 50;

export class SessionStore {
  readonly #path: string;
  #sessions: Map<string, number>;

  /** @param path of the file; only its owner may read it */
  constructor(path: string) {
    this.#path = path;
    this.#sessions = readSessions(path);
  }

  has(digest: string, now: number): boolean {
    return (this.#sessions.get(digest) ?? 0) > now;
  }

  add(digest: string, ends: number): void {
    const valid = [...this.#sessions].slice(1 - KEPT);
    this.#sessions = new Map([...valid, [digest, ends]]);
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#sessions)), { mode: 0o600 });
    } catch {
      // Known until the server ends, then: the printed address lets the browser in again.
    }
  }
}

function readSessions(path: string): Map<string, number> {
  try {
    const checked = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return new Map(checked.success ? Object.entries(checked.data) : []);
  } catch {
    return new Map();
  }
}
