/** Requests to PhysioNet's server, with timeouts, few redirects, and a named error for every failure. */
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { physioNetPage } from "../../../contract/domain/physionet.ts";
import { failureOf } from "../../base/network/failure.ts";
import type { Fetch } from "../../base/network/network.ts";
import { withoutSlashes } from "../../base/without-slashes.ts";

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
  /** Address after all redirects. */
  address: URL;
  /** The body, readable once. @throws BrokenOff */
  chunks: AsyncIterable<Uint8Array>;
}

/** The connection failed, or the server was busy: a later attempt may succeed. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
  /** What the user can check; empty where that is the network alone. */
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}

/** A file does not exist on the server. */
export class NoFile extends EctopyError {}

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

/** What a server is asked for. */
export interface AskedDatabase {
  name: string;
  /** Null: not known yet; only pages can be requested. */
  version: string | null;
  title: string;
}

export interface ServerOptions {
  /** Cancels all requests. */
  signal: AbortSignal;
  times?: ServerTimes;
  fetch: Fetch;
}

export class PhysioNetServer {
  readonly times: ServerTimes;
  readonly #base: URL;
  readonly #database: AskedDatabase;
  readonly #signal: AbortSignal;
  readonly #request: Fetch;

  constructor(base: URL, database: AskedDatabase, { signal, times = usualTimes, fetch }: ServerOptions) {
    this.#base = base;
    this.#database = database;
    this.#signal = signal;
    this.times = times;
    this.#request = fetch;
  }

  /** Returns the same server, whose requests are cancelled by another signal. */
  with(signal: AbortSignal): PhysioNetServer {
    return new PhysioNetServer(this.#base, this.#database, { signal, times: this.times, fetch: this.#request });
  }

  /**
   * Requests a file of the database.
   * @param file path below the version's folder; empty, or with `/` at its end: a folder's index
   * @param take receives the answer; the unread rest is discarded
   * @throws BrokenOff; NoFile; EctopyError `server-refuses`, `server-unsuitable`; CancelledError; whatever `take` throws
   */
  ask<T>(file: string, headers: Record<string, string>, take: (answer: ServerAnswer) => Promise<T>): Promise<T> {
    const { name, version } = this.#database;
    const path = version === null ? `${name}/${file}` : `${name}/${version}/${file}`;
    const address = new URL(path.split("/").map(encodeURIComponent).join("/"), this.#base);
    return this.#ask({ address, file, headers }, take);
  }

  /** Returns the size of a file; null where the server does not say. @throws as {@link ask} */
  async size(file: string): Promise<number | null> {
    const { name, version } = this.#database;
    const address = new URL([name, version ?? "", ...file.split("/")].map(encodeURIComponent).join("/"), this.#base);
    return this.#ask({ address, file, headers: {}, method: "HEAD" }, ({ headers }) => {
      const length = headers.get("content-length") ?? "";
      return Promise.resolve(/^\d{1,15}$/.test(length) ? Number(length) : null);
    });
  }

  /** Requests a whole list. @throws as {@link ask} */
  async text(file: string, maxBytes: number): Promise<string> {
    return this.ask(file, {}, ({ chunks }) => this.#textOf(chunks, file, maxBytes));
  }

  /** Requests the database's page, beside the folder with all files. @throws as {@link ask} */
  async page(maxBytes: number): Promise<{ html: string; address: URL }> {
    const { name, version } = this.#database;
    const address = new URL(`../content/${name}/${version === null ? "" : `${version}/`}`, this.#base);
    return this.#ask({ address, file: `the page of ${name}`, headers: {} }, async (answer) => ({
      html: await this.#textOf(answer.chunks, "the page", maxBytes),
      address: answer.address,
    }));
  }

  async #textOf(chunks: AsyncIterable<Uint8Array>, file: string, maxBytes: number): Promise<string> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw this.tooLarge(file, maxBytes);
      pieces.push(chunk);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  /** Returns the error after the last attempt. */
  unreachable({ message, hint }: BrokenOff): EctopyError {
    const other = `Or download the ZIP file from ${this.#page} with a browser, on any machine, and import it here.`;
    const again = "Check the network and download again: the download resumes.";
    const check = hint === "" ? again : `${hint} ${again}`;
    return new EctopyError(
      "server-unreachable",
      `PhysioNet (${this.#base.host}) could not be reached: ${message}.`,
      `${check} ${other}`,
    );
  }

  tooLarge(file: string, maxBytes: number): EctopyError {
    return this.unsuitable(`${file} exceeds the limit of ${maxBytes} bytes`);
  }

  unsuitable(what: string): EctopyError {
    return new EctopyError("server-unsuitable", ...this.#unsuitable(what));
  }

  /** Returns the error of a database whose files are not open. @param why a sentence */
  refused(why: string): EctopyError {
    return new EctopyError(
      "server-refuses",
      `${this.#base.host} does not give the ${this.#database.title} to everyone: ${why}`,
      `Sign in at ${this.#page} with a browser, download the files there, and import them.`,
    );
  }

  get #page(): string {
    const { name, version } = this.#database;
    return version === null ? `https://physionet.org/content/${name}/` : physioNetPage({ name, version });
  }

  #unsuitable(what: string): [string, string] {
    return [
      `${this.#base.host} did not send the ${this.#database.title}: ${what}.`,
      `Try again later, or download the ZIP file from ${this.#page} with a browser and import it.`,
    ];
  }

  async #ask<T>({ address, file, ...request }: Asked, take: (answer: ServerAnswer) => Promise<T>): Promise<T> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.times.silence);
    const signal = AbortSignal.any([this.#signal, silence.signal]);
    const broken = (cause: unknown): Error => {
      if (this.#signal.aborted) return new CancelledError();
      if (cause instanceof EctopyError) return cause;
      if (silence.signal.aborted) return new BrokenOff("it took too long to answer");
      const { message, hint } = failureOf(cause, true);
      return new BrokenOff(message, hint);
    };
    try {
      const { response, url } = await this.#follow(address, request, signal, broken);
      this.#check(response.status, file);
      return await take({
        status: response.status,
        headers: response.headers,
        address: url,
        chunks: received(response, () => timer.refresh(), broken),
      });
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /** Follows redirects itself: few, to web addresses alone, and never from HTTPS to HTTP. */
  async #follow(
    from: URL,
    { headers, method = "GET" }: Pick<Asked, "headers" | "method">,
    signal: AbortSignal,
    broken: (cause: unknown) => Error,
  ): Promise<{ response: Response; url: URL }> {
    let url = from;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      let response: Response;
      try {
        // No compression: ranges and checksums refer to the stored bytes.
        response = await this.#request(url.href, {
          method,
          headers: { "accept-encoding": "identity", ...headers },
          signal,
        });
      } catch (cause) {
        throw broken(cause);
      }
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return { response, url };
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      if (next === null || !(next.protocol === "https:" || (next.protocol === "http:" && url.protocol === "http:"))) {
        throw this.unsuitable("it leads elsewhere, over a connection that is not safe");
      }
      if (/^\/(login|accounts\/login)\b/.test(next.pathname)) throw this.refused("it asks for a sign-in.");
      url = next;
    }
    throw this.unsuitable("it leads from address to address without an end");
  }

  #check(status: number, file: string): void {
    if (status === 200 || status === 206 || status === 416) return;
    if (status === 429 || status >= 500) throw new BrokenOff(`it is busy (status ${status})`);
    if (status === 401 || status === 403) {
      throw this.refused(`it refuses access (status ${status}), and may ask for a sign-in or an agreement.`);
    }
    throw new NoFile("server-unsuitable", ...this.#unsuitable(`${file} does not exist (status ${status})`));
  }
}

/** One request. */
interface Asked {
  address: URL;
  /** Name for errors. */
  file: string;
  headers: Record<string, string>;
  method?: "GET" | "HEAD";
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
