/** Requests to servers on the internet: directly or through a proxy, with the authorities that the user trusts. */
import http from "node:http";
import https from "node:https";
import type { SecureContext } from "node:tls";
import { trustedContext } from "./certificates.ts";
import { failureOf, NetworkFailure, proxyFailureOf, refusedByProxy } from "./failure.ts";
import { chooseProxy, isLoopback, type SystemProxy } from "./proxy.ts";
import { proxyAuthorization, proxyHost, TunnelAgent } from "./tunnel.ts";

export interface NetworkRequest {
  method?: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  signal: AbortSignal;
}

/** Requests a page as `fetch` does, without following redirects. @throws NetworkFailure, EctopyError; as the signal */
export type Fetch = (address: string, request: NetworkRequest) => Promise<Response>;

export interface NetworkOptions {
  /** Proxies of the system's settings, where the shell knows them. */
  systemProxy?: SystemProxy | undefined;
  /** Returns the path of the user's certificate authorities; empty: none. */
  authorityFile?: () => string;
  /** `process.env` by default. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** The choices of a network that another process takes over. */
export interface NetworkChoice {
  /** Proxies by the system's settings, as in a PAC file; null: not known. */
  systemProxy: string | null;
  authorityFile: string;
}

/** Statuses of responses without a body, which the class `Response` refuses one for. */
const bodyless = new Set([204, 205, 304]);

export class Network {
  readonly #options: NetworkOptions;
  readonly #tunnels = new Map<string, TunnelAgent>();
  readonly #plain = new http.Agent({ keepAlive: true });
  /** Made at the first request: some systems take a while to read their authorities. */
  #trust: { file: string; context: SecureContext; direct: https.Agent } | undefined;

  constructor(options: NetworkOptions = {}) {
    this.#options = options;
  }

  /** Returns a network that goes the same way as another process does. */
  static of({ systemProxy, authorityFile }: NetworkChoice): Network {
    return new Network({
      ...(systemProxy === null ? {} : { systemProxy: () => Promise.resolve(systemProxy) }),
      authorityFile: () => authorityFile,
    });
  }

  /** Returns the choices for one server, for another process. @param address of a server, or any other text */
  async choiceFor(address: string): Promise<NetworkChoice> {
    const { systemProxy, authorityFile } = this.#options;
    return {
      systemProxy: URL.canParse(address) ? ((await systemProxy?.(address)) ?? null) : null,
      authorityFile: authorityFile?.() ?? "",
    };
  }

  readonly fetch: Fetch = async (address, request) => {
    request.signal.throwIfAborted();
    const url = new URL(address);
    const proxy = await this.proxyOf(url);
    const answer = await this.#send(url, proxy, request);
    const { statusCode: status = 0 } = answer;
    if (proxy !== null && status === 407) {
      answer.destroy();
      throw refusedByProxy(proxy.host, status);
    }
    if (status < 200 || status > 599) {
      answer.destroy();
      throw new NetworkFailure("connection", `the server answers with the status ${status}`);
    }
    const headers = new Headers();
    for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
      for (const value of values) headers.append(name, value);
    }
    if (bodyless.has(status)) {
      answer.resume();
      return new Response(null, { status, headers });
    }
    // Not Readable.toWeb(): its queue is lost where the connection breaks, and a download resumes behind it.
    return new Response(ReadableStream.from<Uint8Array>(answer), { status, headers });
  };

  /** Returns the proxy of an address; null: a direct connection. */
  async proxyOf(url: URL): Promise<URL | null> {
    return chooseProxy(url, this.#options.environment ?? process.env, this.#options.systemProxy);
  }

  async #send(
    url: URL,
    proxy: URL | null,
    { method = "GET", headers, body, signal }: NetworkRequest,
  ): Promise<http.IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const request = this.#open(url, proxy, { method, headers, signal });
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
    try {
      return await promise;
    } catch (error) {
      signal.throwIfAborted();
      const isProxys = proxy !== null && url.protocol === "http:";
      throw isProxys
        ? proxyFailureOf(error, proxy.host)
        : failureOf(error, proxy === null && !isLoopback(url.hostname));
    }
  }

  #open(
    url: URL,
    proxy: URL | null,
    { method, headers, signal }: Pick<http.RequestOptions, "method" | "headers" | "signal">,
  ): http.ClientRequest {
    const options = { method, headers, signal };
    if (url.protocol === "https:") {
      return https.request(url, { ...options, agent: proxy === null ? this.#trusted().direct : this.#tunnel(proxy) });
    }
    if (proxy === null) return http.request(url, { ...options, agent: this.#plain });
    const secure = proxy.protocol === "https:";
    return (secure ? https : http).request({
      ...options,
      ...proxyHost(proxy),
      path: url.href,
      headers: { ...headers, host: url.host, ...proxyAuthorization(proxy) },
      agent: secure ? this.#trusted().direct : this.#plain,
    });
  }

  #tunnel(proxy: URL): TunnelAgent {
    const { context, file } = this.#trusted();
    const key = `${proxy.href} ${file}`;
    const agent = this.#tunnels.get(key) ?? new TunnelAgent(proxy, context);
    this.#tunnels.set(key, agent);
    return agent;
  }

  #trusted(): { file: string; context: SecureContext; direct: https.Agent } {
    const file = this.#options.authorityFile?.() ?? "";
    if (this.#trust?.file !== file) {
      const context = trustedContext(file);
      this.#trust = { file, context, direct: new https.Agent({ keepAlive: true, secureContext: context }) };
    }
    return this.#trust;
  }
}
