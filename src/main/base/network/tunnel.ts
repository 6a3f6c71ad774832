/** Connections through a proxy: a tunnel by CONNECT (RFC 9110, 9.3.6), and TLS to the server inside it. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { connect, type SecureContext } from "node:tls";
import type { Duplex } from "node:stream";
import { proxyFailureOf, refusedByProxy } from "./failure.ts";

/** Longest time for a proxy to connect, in ms. */
const CONNECT_TIMEOUT_MS = 30_000;

/** Returns `Proxy-Authorization` of an address with a user; no header without one. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Keeps TLS connections to servers through one proxy. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #context: SecureContext;

  constructor(proxy: URL, context: SecureContext) {
    super({ keepAlive: true });
    this.#proxy = proxy;
    this.#context = context;
  }

  override createConnection(
    { host, port, servername }: https.RequestOptions & { servername?: string },
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const server = { host: host ?? "", port: Number(port) };
    openTunnel(this.#proxy, this.#context, server).then(
      (socket) => {
        const name = servername === undefined || servername === "" ? {} : { servername };
        done?.(null, connect({ socket, secureContext: this.#context, host: server.host, ...name }));
      },
      // The type asks for a stream beside the error.
      (error: unknown) => (done as (error: unknown) => void)(error),
    );
  }
}

/** @throws NetworkFailure of the proxy */
async function openTunnel(
  proxy: URL,
  secureContext: SecureContext,
  { host, port }: { host: string; port: number },
): Promise<Socket> {
  const isSecure = proxy.protocol === "https:";
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = (isSecure ? https : http).request({
    method: "CONNECT",
    ...proxyHost(proxy),
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    agent: false,
    timeout: CONNECT_TIMEOUT_MS,
    ...(isSecure ? { secureContext } : {}),
  });
  request.once("connect", ({ statusCode = 0 }, socket) => {
    if (statusCode >= 200 && statusCode < 300) return resolve(socket);
    socket.destroy();
    reject(refusedByProxy(proxy.host, statusCode));
  });
  request.once("timeout", () => request.destroy(Object.assign(new Error("No answer"), { code: "ETIMEDOUT" })));
  request.once("error", (error) => reject(proxyFailureOf(error, proxy.host)));
  request.end();
  const socket = await promise;
  socket.setTimeout(0);
  return socket;
}

/** Returns host and port of a proxy as options of a request. */
export function proxyHost({ hostname, port, protocol }: URL): { host: string; port: number } {
  const usual = protocol === "https:" ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}
