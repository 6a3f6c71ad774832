/** Calls to an MLflow server's REST API, with timeouts and a named error for every failure. */
import { setTimeout as wait } from "node:timers/promises";
import type { z } from "zod";
import { checkValue } from "../../../../contract/domain/check-value.ts";
import { CancelledError, EctopyError } from "../../../../contract/domain/errors.ts";
import { failureOf } from "../../../base/network/failure.ts";
import { Network, type Fetch } from "../../../base/network/network.ts";

export interface ServerAddress {
  /** Address with the path of the API, without trailing `/` and credentials. */
  url: string;
  /** Value of the Authorization header; null without credentials. */
  authorization: string | null;
}

/** The server refused a call. */
export class RefusedCall extends Error {
  override readonly name = "RefusedCall";
  readonly status: number;
  /** MLflow's code, such as `RESOURCE_DOES_NOT_EXIST`; empty where there is none. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface ClientTimes {
  /** Timeout of a call, in ms. */
  call: number;
  /** Timeout of a file transfer, in ms. */
  file: number;
  /** Delay before a new attempt where the server is busy, in ms. */
  again: number;
}

const usualTimes: ClientTimes = { call: 60_000, file: 600_000, again: 1000 };
/** Attempts of a call while the server is busy. */
const MAX_ATTEMPTS = 5;
/** A page of runs, with all parameters and tags, takes a few megabytes. */
const MAX_ANSWER_BYTES = 100_000_000;
/** A server's message is cut to this length. */
const MAX_MESSAGE_CHARACTERS = 300;

const REPEAT_EXPORT = "Then repeat the export: it continues where it stopped.";

export class MlflowClient {
  readonly #address: ServerAddress;
  readonly #signal: AbortSignal;
  readonly #times: ClientTimes;
  readonly #request: Fetch;

  /** @param signal cancels every call */
  constructor(
    address: ServerAddress,
    signal: AbortSignal,
    { times = usualTimes, fetch = new Network().fetch }: { times?: ClientTimes; fetch?: Fetch } = {},
  ) {
    this.#address = address;
    this.#signal = signal;
    this.#times = times;
    this.#request = fetch;
  }

  get url(): string {
    return this.#address.url;
  }

  /**
   * @param endpoint below `/api/2.0/mlflow/`
   * @throws RefusedCall where MLflow itself refused; EctopyError for all else; CancelledError
   */
  async get(endpoint: string, query: Record<string, string>): Promise<unknown> {
    return this.#json(await this.#ask("GET", `mlflow/${endpoint}?${new URLSearchParams(query).toString()}`));
  }

  async post(endpoint: string, body: object): Promise<unknown> {
    return this.#json(await this.#ask("POST", `mlflow/${endpoint}`, JSON.stringify(body)));
  }

  /** @param path below the server's files, as its URIs have it */
  async putFile(path: string, bytes: Buffer): Promise<void> {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    await this.#ask("PUT", `mlflow-artifacts/artifacts/${encoded}`, bytes);
  }

  /** @throws EctopyError `server-unsuitable` where the answer is not MLflow's */
  understood<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
    const parsed = checkValue(schema, answer);
    if (parsed.success) return parsed.data;
    throw this.#notMlflow();
  }

  async #ask(method: string, path: string, body?: string | Buffer): Promise<string> {
    for (let tries = 1; ; tries++) {
      const { status, text } = await this.#fetch(method, path, body);
      if (status >= 200 && status < 300) return text;
      // The server processed neither.
      if ((status === 429 || status === 503) && tries < MAX_ATTEMPTS) {
        await this.#wait(this.#times.again * tries);
        continue;
      }
      throw this.#refusal(status, text, path, body);
    }
  }

  async #fetch(method: string, path: string, body?: string | Buffer): Promise<{ status: number; text: string }> {
    const { url, authorization } = this.#address;
    const isFile = Buffer.isBuffer(body);
    // Not AbortSignal.timeout(), whose timer outlives the call: thousands of calls would keep as many of them.
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), isFile ? this.#times.file : this.#times.call);
    try {
      const response = await this.#request(`${url}/api/2.0/${path}`, {
        method,
        headers: {
          // The server may close a kept connection just as it is reused; it would be unknown whether it processed the
          // call.
          connection: "close",
          ...(authorization === null ? {} : { authorization }),
          ...(body === undefined ? {} : { "content-type": isFile ? "application/octet-stream" : "application/json" }),
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.any([this.#signal, timeout.signal]),
      });
      return { status: response.status, text: await this.#textOf(response) };
    } catch (cause) {
      if (cause instanceof EctopyError) throw cause;
      if (this.#signal.aborted) throw new CancelledError();
      const { message, hint } = timeout.signal.aborted
        ? { message: "it took too long to answer", hint: "" }
        : failureOf(cause, true);
      const check = hint === "" ? "Check that it runs and that the address is correct." : hint;
      throw new EctopyError(
        "server-unreachable",
        `The MLflow server at ${url} can't be reached: ${message}.`,
        `${check} ${REPEAT_EXPORT}`,
        // Without the cause: Node's error may hold the request.
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws EctopyError `server-unsuitable` where it does not end within what MLflow answers */
  async #textOf({ body }: Response): Promise<string> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    // The web's stream is one of bytes; its type in Node does not say so.
    for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > MAX_ANSWER_BYTES) throw this.#notMlflow();
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  async #wait(milliseconds: number): Promise<void> {
    try {
      await wait(milliseconds, undefined, { signal: this.#signal });
    } catch {
      throw new CancelledError();
    }
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#notMlflow();
    }
  }

  #notMlflow(): EctopyError {
    return new EctopyError(
      "server-unsuitable",
      `The server at ${this.url} is not an MLflow server: it answers with a page, or with nothing that MLflow sends.`,
      "Enter the address of MLflow's page in the browser, up to the #.",
    );
  }

  #refusal(status: number, text: string, path: string, body?: string | Buffer): Error {
    const { code, message } = mlflowError(text);
    const said = message === "" ? "" : ` It says: ${message}`;
    if (status === 401) {
      const fix =
        this.#address.authorization === null
          ? "Give a user and password, or a token (--user, --password, --token, or MLFLOW_TRACKING_USERNAME, _PASSWORD, _TOKEN)."
          : "Check the user and password, or the token.";
      return new EctopyError("server-refuses", `The MLflow server at ${this.url} does not let you in.`, fix);
    }
    if (status === 403) {
      return new EctopyError(
        "server-refuses",
        sentence(`The MLflow server at ${this.url} does not allow this.${said}`),
        /host/i.test(message)
          ? "Start the server with --allowed-hosts and the name that you reach it by."
          : "Ask who runs the server for the right to write there.",
      );
    }
    if (status === 413) {
      const size = body === undefined ? 0 : Buffer.byteLength(body);
      return new EctopyError(
        "server-refuses",
        `The server at ${this.url} refuses ${megabytes(size)} MB in one request: its limit is lower.`,
        `Raise its limit (for nginx: client_max_body_size), or export to a folder. ${REPEAT_EXPORT}`,
      );
    }
    if (code !== "") return new RefusedCall(status, code, message);
    if (status === 404 || status === 405 || status === 501) {
      // A separate option enables files.
      return path.startsWith("mlflow-artifacts/")
        ? new EctopyError(
            "server-unsuitable",
            `The MLflow server at ${this.url} takes no files.`,
            "Start it with --serve-artifacts (MLflow 1.24 or later), or export to a folder.",
          )
        : new RefusedCall(status, "", `${path.split("?")[0]} does not exist`);
    }
    if (status >= 500) {
      return new EctopyError(
        "server-unreachable",
        sentence(`The MLflow server at ${this.url} failed (status ${status}).${said}`),
        `Look into its log. ${REPEAT_EXPORT}`,
      );
    }
    return this.#notMlflow();
  }
}

/** The error where a call that is needed was refused. */
export function needed(error: unknown, url: string): unknown {
  if (!(error instanceof RefusedCall)) return error;
  if (error.code === "") {
    return new EctopyError(
      "server-unsuitable",
      `The server at ${url} is not an MLflow server, or is too old: ${error.message}.`,
      "Enter the address of MLflow's page in the browser, up to the #; MLflow 2.4 or later is recommended.",
    );
  }
  return new EctopyError(
    "server-refuses",
    sentence(`The MLflow server at ${url} refuses the run. It says: ${error.message}`),
    "If its words don't help, export to a folder.",
  );
}

/** Parses an error: `{"error_code": …, "message": …}`, or plain text; a page gives nothing. */
function mlflowError(text: string): { code: string; message: string } {
  try {
    const { error_code: code, message } = JSON.parse(text) as { error_code?: unknown; message?: unknown };
    return { code: typeof code === "string" ? code : "", message: shown(typeof message === "string" ? message : "") };
  } catch {
    return { code: "", message: /^\s*</.test(text) ? "" : shown(text) };
  }
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
