/**
 * Chooses the proxy of an address as curl does: by `HTTPS_PROXY` and `HTTP_PROXY`, in upper or lower case, with
 * exceptions in `NO_PROXY`; where neither is set, by the system's settings.
 */
import { isIP } from "node:net";
import { NetworkFailure } from "./failure.ts";

/** Returns the system's proxies of an address, in the format of a PAC file: `PROXY host:port; DIRECT`. */
export type SystemProxy = (address: string) => Promise<string>;

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns null: a direct connection. @throws NetworkFailure: the proxy can't be used */
export async function chooseProxy(url: URL, environment: Environment, system?: SystemProxy): Promise<URL | null> {
  if (isLoopback(url.hostname)) return null;
  const given = variable(environment, url.protocol === "https:" ? "https_proxy" : "http_proxy");
  const fallback = variable(environment, "all_proxy");
  const address = given === "" ? fallback : given;
  if (address !== "") return isExcepted(url, variable(environment, "no_proxy")) ? null : proxyAddress(address);
  return system === undefined ? null : systemProxy(await system(url.href));
}

function variable(environment: Environment, name: string): string {
  return (environment[name] ?? environment[name.toUpperCase()] ?? "").trim();
}

/** Returns whether a host is this machine itself, which no proxy reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || /^127\.\d+\.\d+\.\d+$/.test(host) || host === "[::1]";
}

/** Returns whether `NO_PROXY` names the host: `*`, a host, a domain with its hosts, each with or without a port. */
function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const hostPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== "")
    .some((exception) => {
      if (exception === "*") return true;
      const [, bracketed, plain, onPort] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(exception) ?? [];
      if (onPort !== undefined && onPort !== hostPort) return false;
      const name = (bracketed ?? plain ?? "").replace(/^\*?\./, "");
      return host === name || (isIP(host) === 0 && name !== "" && host.endsWith(`.${name}`));
    });
}

/** Parses the address of a proxy: `http://host:port`, or `host:port`. */
function proxyAddress(text: string): URL {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "") return url;
  const kind = url?.protocol.startsWith("socks") ? "a SOCKS proxy, which Ectopy does not support" : "no address";
  // The text itself may hold a password.
  throw new NetworkFailure(
    "proxy",
    `the proxy in HTTPS_PROXY is ${kind}`,
    "Write an HTTP proxy's address, such as http://proxy.example:3128.",
  );
}

/** Returns the first usable entry of `PROXY a:1; HTTPS b:2; DIRECT`. */
function systemProxy(text: string): URL | null {
  const entries = text.split(";").map((entry) => entry.trim().split(/\s+/));
  for (const [kind, address = ""] of entries) {
    if (/^DIRECT$/i.test(kind)) return null;
    const protocol = /^(PROXY|HTTP)$/i.test(kind) ? "http" : /^HTTPS$/i.test(kind) ? "https" : null;
    const url = protocol === null ? null : URL.parse(`${protocol}://${address}`);
    if (url !== null) return url;
  }
  const socks = entries.find(([kind]) => /^SOCKS/i.test(kind));
  if (socks === undefined) return null;
  throw new NetworkFailure(
    "proxy",
    "the system's settings name a SOCKS proxy, which Ectopy does not support",
    "Set HTTPS_PROXY to an HTTP proxy's address.",
  );
}
