/**
 * Who may speak to the server: a browser that has used one of its tokens, from a page of ours.
 *
 * An address holds a token, which works once; it is exchanged for a cookie that scripts can't read and other sites can't send, and is
 * gone from the address. The cookie holds for this port and workspace alone. The names that a request may be made to are known, so that no other site can pose as this one (DNS
 * rebinding).
 */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import type { SessionStore } from "./sessions.ts";
import { Tokens } from "./tokens.ts";

/** How long a browser is known, in seconds: it finds its way back after the server was started anew. */
export const SESSION_SECONDS = 7 * 24 * 3600;

const loopback = ["127.0.0.1", "localhost", "[::1]"];
/** These listen on every interface. */
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
   * @param host that the server listens on
   * @param workspace its folder
   */
  constructor(host: string, workspace: string, sessions: SessionStore) {
    this.#workspace = workspace;
    this.#names = new Set([...loopback, ...namesOf(host)]);
    this.#sessions = sessions;
  }

  setPort(port: number): void {
    this.#port = port;
  }

  /** @returns the value of `Set-Cookie`; null where the token is none, was used or is too old */
  exchange(token: string): string | null {
    if (!this.tokens.use(token)) return null;
    const session = randomBytes(32).toString("base64url");
    const now = Date.now();
    this.#sessions.add(this.#digest(session), now + 1000 * SESSION_SECONDS, now);
    return `${this.#cookie}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_SECONDS}`;
  }

  /** Whether a request was made to us by a name of ours, and, where it says from which page, from one of ours. */
  fromOurs({ host, origin, ...headers }: IncomingHttpHeaders): Refusal | null {
    if (host === undefined || !this.#names.has(nameOf(host))) return "host";
    if (origin !== undefined && origin !== `http://${host}`) return "origin";
    const site = headers["sec-fetch-site"];
    // A link on another page may lead here; its scripts and pictures may not.
    const navigates = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    if (site !== undefined && site !== "same-origin" && site !== "none" && !navigates) return "origin";
    return null;
  }

  hasSession({ cookie = "" }: IncomingHttpHeaders): boolean {
    const value = cookie
      .split(";")
      .map((pair) => pair.trim().split("="))
      .find(([name]) => name === this.#cookie)?.[1];
    return value !== undefined && this.#sessions.has(this.#digest(value), Date.now());
  }

  /** Browsers share cookies between ports: each port has a name of its own. */
  get #cookie(): string {
    return `ectopy-${this.#port}`;
  }

  /** Under another name, or sent to another server, a cookie has another digest, which nobody knows. */
  #digest(session: string): string {
    return createHash("sha256")
      .update(JSON.stringify([session, this.#port, this.#workspace]))
      .digest("hex");
  }

  /** All of it, for what only our own pages ask: a socket, an upload. These always say where they come from. */
  check(headers: IncomingHttpHeaders): Refusal | null {
    if (headers.origin === undefined) return "origin";
    return this.fromOurs(headers) ?? (this.hasSession(headers) ? null : "session");
  }
}

/** Names that the machine is reached by. */
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
