/** Requests to PhysioNet's server, with timeouts, few redirects, and a named error for every failure. */
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { physioNetPage, type PhysioNetDatabase } from "../../../contract/domain/physionet.ts";
import { withoutSlashes } from "../../base/without-slashes.ts";
import { networkReason } from "../../base/network-reason.ts";

/** Below it: NAME/VERSION/FILE. */
const PHYSIONET = "https://physionet.org/files/";

export interface ServerTimes {
  /** Longest time without bytes, in ms; then the connection counts as broken. */
  silence: number;
  /** Delay before a new attempt, in ms, times the number of failed attempts. */
  again: number;
}

export const usualTimes: ServerTimes = { silence: 30_000, again: 1000 };

const MAX_REDIRECTS = 5;

/** An answer that is being received. */
export interface ServerAnswer {
  /** 200, 206 or 416. */
  status: number;
  headers: Headers;
  /** The body, readable once. @throws BrokenOff */
  chunks: AsyncIterable<Uint8Array>;
}

/** The connection failed, or the server was busy: a later attempt may succeed. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

/**
 * Returns the address of PhysioNet or of a mirror (`ECTOPY_PHYSIONET`), which has files at NAME/VERSION/FILE.
 * @throws EctopyError `usage`
 */
export function chosenServer(given = process.env["ECTOPY_PHYSIONET"] ?? ""): URL {
  const url = URL.parse(given === "" ? PHYSIONET : `${withoutSlashes(given)}/`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new EctopyError(
    "usage",
    "ECTOPY_PHYSIONET holds no address.",
    "Write it like https://mirror.example/files/, or leave it out.",
  );
}

export class PhysioNetServer {
  readonly times: ServerTimes;
  readonly #folder: URL;
  readonly #database: PhysioNetDatabase;
  readonly #signal: AbortSignal;

  /** @param signal cancels all requests */
  constructor(base: URL, database: PhysioNetDatabase, signal: AbortSignal, times: ServerTimes) {
    this.#folder = new URL(`${database.name}/${database.version}/`, base);
    this.#database = database;
    this.#signal = signal;
    this.times = times;
  }

  /**
   * Requests a file of the database.
   * @param file a plain name
   * @param take receives the answer; the unread rest is discarded
   * @throws BrokenOff; EctopyError `server-refuses`, `server-unsuitable`; CancelledError; whatever `take` throws
   */
  async ask<T>(file: string, headers: Record<string, string>, take: (answer: ServerAnswer) => Promise<T>): Promise<T> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.times.silence);
    const signal = AbortSignal.any([this.#signal, silence.signal]);
    const broken = (cause: unknown): Error => {
      if (this.#signal.aborted) return new CancelledError();
      return new BrokenOff(silence.signal.aborted ? "it took too long to answer" : networkReason(cause));
    };
    try {
      const response = await this.#follow(new URL(file, this.#folder), headers, signal, broken);
      this.#check(response.status, file);
      return await take({
        status: response.status,
        headers: response.headers,
        chunks: received(response, () => timer.refresh(), broken),
      });
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /** Requests a whole list. */
  async text(file: string, maxBytes: number): Promise<string> {
    return this.ask(file, {}, async ({ chunks }) => {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw this.tooLarge(file, maxBytes);
        pieces.push(chunk);
      }
      return Buffer.concat(pieces).toString("utf8");
    });
  }

  /** Returns the error after the last attempt. */
  unreachable({ message }: BrokenOff): EctopyError {
    return new EctopyError(
      "server-unreachable",
      `PhysioNet (${this.#folder.host}) could not be reached: ${message}.`,
      `Check the network and download again: the download resumes. Or download the ZIP file from ${physioNetPage(this.#database)} with a browser, on any machine, and import it here.`,
    );
  }

  tooLarge(file: string, maxBytes: number): EctopyError {
    return this.unsuitable(`${file} exceeds the limit of ${maxBytes} bytes`);
  }

  unsuitable(what: string): EctopyError {
    return new EctopyError(
      "server-unsuitable",
      `${this.#folder.host} did not send the ${this.#database.title}: ${what}.`,
      `Try again later, or download the ZIP file from ${physioNetPage(this.#database)} with a browser and import it.`,
    );
  }

  /** Follows redirects itself: few, to web addresses alone, and never from HTTPS to HTTP. */
  async #follow(
    from: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
    broken: (cause: unknown) => Error,
  ): Promise<Response> {
    let url = from;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      let response: Response;
      try {
        // No compression: ranges and checksums refer to the stored bytes.
        response = await fetch(url.href, {
          headers: { "accept-encoding": "identity", ...headers },
          redirect: "manual",
          signal,
        });
      } catch (cause) {
        throw broken(cause);
      }
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      if (next === null || !(next.protocol === "https:" || (next.protocol === "http:" && url.protocol === "http:"))) {
        throw this.unsuitable("it leads elsewhere, over a connection that is not safe");
      }
      url = next;
    }
    throw this.unsuitable("it leads from address to address without an end");
  }

  #check(status: number, file: string): void {
    if (status === 200 || status === 206 || status === 416) return;
    if (status === 429 || status >= 500) throw new BrokenOff(`it is busy (status ${status})`);
    if (status === 401 || status === 403) {
      throw new EctopyError(
        "server-refuses",
        `${this.#folder.host} refuses access to the ${this.#database.title} (status ${status}).`,
        `Open ${physioNetPage(this.#database)} in a browser: access may need a sign-in or an agreement.`,
      );
    }
    throw this.unsuitable(`${file} does not exist (status ${status})`);
  }
}

async function* received(
  { body }: Response,
  alive: () => void,
  broken: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    // A stream of bytes; its type in Node is more general.
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      alive();
      yield chunk;
    }
  } catch (cause) {
    throw broken(cause);
  }
}
