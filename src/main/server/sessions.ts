/**
 * Stores the sessions of browsers, as digests of their cookies, so that a page works again after a restart of the
 * server. Servers of several workspaces share the file; a digest covers port and workspace, so that no server accepts
 * another's cookie.
 */
import { readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { makePrivateFolder, writePrivateFile } from "../base/private-files.ts";
import { logger } from "../base/logger.ts";

const log = logger("server");

/** Digests of sessions, with their ends in ms since 1970. */
const fileSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.number());
const MAX_SESSIONS = 50;

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

  /** @param ends in ms since 1970 */
  add(digest: string, ends: number, now: number): void {
    // Another server may have added sessions meanwhile.
    const known = [...new Map([...readSessions(this.#path), ...this.#sessions])];
    const valid = known.filter(([, until]) => until > now).slice(1 - MAX_SESSIONS);
    this.#sessions = new Map([...valid, [digest, ends]]);
    const aside = `${this.#path}.${process.pid}.partial`;
    try {
      makePrivateFolder(dirname(this.#path));
      writePrivateFile(aside, JSON.stringify(Object.fromEntries(this.#sessions)));
      renameSync(aside, this.#path);
    } catch (error) {
      log.warning("The sessions of browsers could not be stored", error);
      // The session then lasts until the server ends; another address signs the browser in again.
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
