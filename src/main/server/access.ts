/**
 * Decides who may use the server: a browser that used one of its tokens, from a page of the app.
 *
 * An address holds a token, which works once. It is exchanged for a cookie that scripts can't read and other sites
 * can't send, and is removed from the address. The cookie is valid for this port and workspace alone. Requests must use
 * known host names, so that no other site can pose as this server (DNS rebinding).
 */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import type { SessionStore } from "./sessions.ts";
import { Tokens } from "./tokens.ts";

/** Lifetime of a session, in seconds: a browser stays signed in after a restart of the server. */
export const SESSION_SECONDS = 7 * 24 * 3600;

const loopback = ["127.0.0.1", "localhost", "[::1]"];
/** Addresses that listen on every interface. */
const everywhere = new Set(["0.0.0.0", "::"]);

export function isLoopback(host: string): boolean {
  return host === "::1" || loopback.includes(host);
}

export type Refusal = "host" | "origin" | "session";

export class Access {
  readonly tokens = new Tokens();
  readonly #names: Set<string>;
  readonly #sessions: SessionStore;
  readonly #workspace: string;
  #port = 0;

  /**
   * @param host address that the server listens on
   * @param workspace folder of the workspace
   */
  constructor(host: string, workspace: string, sessions: SessionStore) {
    this.#workspace = workspace;
    this.#names = new Set([...loopback, ...namesOf(host)]);
    this.#sessions = sessions;
  }

  setPort(port: number): void {
    this.#port = port;
  }

  /** @returns the value of `Set-Cookie`; null where the token is invalid, used or expired */
  exchange(token: string): string | null {
    if (!this.tokens.use(token)) return null;
    const session = randomBytes(32).toString("base64url");
    const now = Date.now();
    this.#sessions.add(this.#digest(session), now + 1000 * SESSION_SECONDS, now);
    return `${this.#cookie}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_SECONDS}`;
  }

  /** Returns whether a request names this server and, if it names a page, a page of this server. */
  fromOurs({ host, origin, ...headers }: IncomingHttpHeaders): Refusal | null {
    if (host === undefined || !this.#names.has(nameOf(host))) return "host";
    if (origin !== undefined && origin !== `http://${host}`) return "origin";
    const site = headers["sec-fetch-site"];
    // Links of other pages may open the app; their scripts and pictures may not load it.
    const navigates = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    if (site !== undefined && site !== "same-origin" && site !== "none" && !navigates) return "origin";
    return null;
  }

  hasSession(headers: IncomingHttpHeaders): boolean {
    return this.sessionOf(headers) !== null;
  }

  /** Returns the digest of a request's session, which identifies the session; null where it has none. */
  sessionOf({ cookie = "" }: IncomingHttpHeaders): string | null {
    const value = cookie
      .split(";")
      .map((pair) => pair.trim().split("="))
      .find(([name]) => name === this.#cookie)?.[1];
    const digest = value === undefined ? null : this.#digest(value);
    return digest !== null && this.#sessions.has(digest, Date.now()) ? digest : null;
  }

  /** Browsers share cookies between ports: each port has its cookie name. */
  get #cookie(): string {
    return `ectopy-${this.#port}`;
  }

  /** Under another name, or sent to another server, a cookie has another digest, which is unknown there. */
  #digest(session: string): string {
    return createHash("sha256")
      .update(JSON.stringify([session, this.#port, this.#workspace]))
      .digest("hex");
  }

  /**
   * Checks everything, for requests that only the app's pages make: sockets and uploads, which always name their page.
   */
  check(headers: IncomingHttpHeaders): Refusal | null {
    if (headers.origin === undefined) return "origin";
    return this.fromOurs(headers) ?? (this.hasSession(headers) ? null : "session");
  }
}

/** Names of the machine. */
function namesOf(host: string): string[] {
  if (!everywhere.has(host)) return [bracketed(host.toLowerCase())];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [hostname().toLowerCase(), ...addresses.map(({ address }) => bracketed(address))];
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** `localhost:4680` without its port. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "");
}
