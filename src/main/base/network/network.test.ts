import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeCertificates } from "../../../../tests/support/test-certificates.ts";
import { startProxy, type ProxyStub } from "../../../../tests/support/proxy-stub.ts";
import { NetworkFailure } from "./failure.ts";
import { Network } from "./network.ts";

const HOST = "physionet.test";
const certificates = makeCertificates(HOST);
const other = makeCertificates(HOST);
const folder = mkdtempSync(join(tmpdir(), "ectopy-network-"));
const authority = join(folder, "authority.pem");
const otherAuthority = join(folder, "other.pem");
const request = { headers: {}, signal: new AbortController().signal };

let secure: https.Server;
let plain: http.Server;
let proxy: ProxyStub;
let target = 0;
const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  writeFileSync(authority, `Some text before\n${certificates.authority}`);
  writeFileSync(otherAuthority, other.authority);
  writeFileSync(join(folder, "text.pem"), "no certificate");
  const answer: http.RequestListener = (asked, response) => response.end(`${asked.method} ${asked.url}`);
  secure = https.createServer({ cert: certificates.cert, key: certificates.key }, answer);
  plain = http.createServer(answer);
  for (const server of [secure, plain]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
});
afterAll(() => {
  for (const server of [secure, plain]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  target = portOf(secure);
  proxy = await startProxy(() => target);
});
afterEach(() => proxy.close());

function network(environment: Record<string, string>, authorityFile = authority): Network {
  return new Network({ environment, authorityFile: () => authorityFile });
}

async function textOf(network: Network, address: string): Promise<string> {
  return (await network.fetch(address, request)).text();
}

async function failure(work: Promise<unknown>): Promise<NetworkFailure> {
  const error = await work.catch((reason: unknown) => reason);
  if (error instanceof NetworkFailure) return error;
  throw new Error(`No failure of the network, but ${String(error)}`);
}

describe("a request over TLS", () => {
  it("goes through HTTPS_PROXY, and trusts the authorities of the chosen file", async () => {
    expect(await textOf(network({ HTTPS_PROXY: proxy.url }), `https://${HOST}/files/a?b`)).toBe("GET /files/a?b");
    expect(proxy.requests).toEqual([`CONNECT ${HOST}:443`]);
  });

  it("signs in at the proxy with the user and password of its address", async () => {
    proxy.password = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    const address = proxy.url.replace("//", "//user:p%40ss@");
    expect(await textOf(network({ https_proxy: address }), `https://${HOST}/`)).toBe("GET /");
    const refused = await failure(textOf(network({ HTTPS_PROXY: proxy.url }), `https://${HOST}/`));
    expect(refused.part).toBe("proxy");
    expect(refused.message).toMatch(/asks for a user and password$/);
    expect(refused.message).not.toContain("p@ss");
  });

  it("keeps one tunnel for requests in a row", async () => {
    const through = network({ HTTPS_PROXY: proxy.url });
    for (let i = 0; i < 3; i++) await textOf(through, `https://${HOST}/${i}`);
    expect(proxy.requests).toHaveLength(1);
  });

  it.each([
    ["of another authority", () => otherAuthority],
    ["where no file is chosen", () => ""],
  ])("reports a certificate that is not trusted %s", async (_, file) => {
    const { part, hint } = await failure(textOf(network({ HTTPS_PROXY: proxy.url }, file()), `https://${HOST}/`));
    expect(part).toBe("certificate");
    expect(hint).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("reports a certificate for another host", async () => {
    const { part, message } = await failure(textOf(network({ HTTPS_PROXY: proxy.url }), "https://other.test/"));
    expect({ part, message }).toEqual({ part: "certificate", message: "its certificate is for another host" });
  });

  it("reports a file without certificates", async () => {
    const work = textOf(network({ HTTPS_PROXY: proxy.url }, join(folder, "text.pem")), `https://${HOST}/`);
    await expect(work).rejects.toMatchObject({ code: "usage" });
    const missing = textOf(network({ HTTPS_PROXY: proxy.url }, join(folder, "none.pem")), `https://${HOST}/`);
    await expect(missing).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a request without TLS", () => {
  beforeEach(() => void (target = portOf(plain)));

  it("goes through HTTP_PROXY with its whole address", async () => {
    expect(await textOf(network({ HTTP_PROXY: proxy.url }), `http://${HOST}:5000/api?a=1`)).toBe("GET /api?a=1");
    expect(proxy.requests).toEqual([`GET http://${HOST}:5000/api?a=1`]);
  });

  it("sends a body and reads headers", async () => {
    const answer = await network({ HTTP_PROXY: proxy.url }).fetch(`http://${HOST}/x`, {
      ...request,
      method: "POST",
      body: "hello",
      headers: { "content-type": "text/plain" },
    });
    expect(await answer.text()).toBe("POST /x");
    expect(answer.headers.get("date")).toMatch(/GMT$/);
  });

  it("ends at once where it is cancelled before", async () => {
    const signal = AbortSignal.abort();
    await expect(network({}).fetch("http://127.0.0.1:1/", { headers: {}, signal })).rejects.toThrow();
  });
});

describe("the proxy of an address", () => {
  const PROXY = "http://proxy.test:3128";
  const chosen = async (address: string, environment: Record<string, string>): Promise<string | undefined> =>
    (await network(environment).proxyOf(new URL(address)))?.origin;

  it.each([
    ["https://a.org/", { HTTPS_PROXY: PROXY }, PROXY],
    ["https://a.org/", { HTTPS_PROXY: "proxy.test:3128" }, PROXY],
    ["https://a.org/", { ALL_PROXY: PROXY }, PROXY],
    ["http://a.org/", { HTTPS_PROXY: PROXY }, undefined],
    ["https://127.0.0.1:5000/", { HTTPS_PROXY: PROXY }, undefined],
    ["https://a.org/", { HTTPS_PROXY: PROXY, NO_PROXY: "*" }, undefined],
    ["https://x.a.org/", { HTTPS_PROXY: PROXY, NO_PROXY: "b.org, .a.org" }, undefined],
    ["https://xa.org/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.org" }, PROXY],
    ["https://a.org/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.org:8443" }, PROXY],
    ["https://a.org:8443/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.org:8443" }, undefined],
    ["https://10.0.0.1/", { HTTPS_PROXY: PROXY, NO_PROXY: "10.0.0.1" }, undefined],
    ["https://[fd00::1]/", { HTTPS_PROXY: PROXY, NO_PROXY: "fd00::1" }, undefined],
  ])("%s with %j is %s", async (address, environment, proxy) => {
    expect(await chosen(address, environment)).toBe(proxy);
  });

  it.each([
    ["DIRECT", undefined],
    ["PROXY proxy.test:3128; DIRECT", PROXY],
    ["HTTPS proxy.test:443", "https://proxy.test"],
    ["SOCKS5 socks.test:1080; PROXY proxy.test:3128", PROXY],
  ])("is the system's where the environment names none: %s", async (system, proxy) => {
    const asked = new Network({ environment: {}, systemProxy: () => Promise.resolve(system) });
    expect((await asked.proxyOf(new URL("https://a.org/")))?.origin).toBe(proxy);
  });

  it.each(["socks5://user:secret@socks.test:1080", "http://"])("that can't be used is named: %s", async (address) => {
    const { part, message } = await failure(chosen("https://a.org/", { HTTPS_PROXY: address }));
    expect(part).toBe("proxy");
    expect(message).not.toContain("secret");
  });
});

describe("a connection that fails", () => {
  it("names the proxy where the proxy does not answer", async () => {
    const { url } = proxy;
    await proxy.close();
    const { part, message } = await failure(textOf(network({ HTTPS_PROXY: url }), `https://${HOST}/`));
    expect(part).toBe("proxy");
    expect(message).toBe(`the proxy ${new URL(url).host} did not answer: the connection was refused`);
    proxy = await startProxy(() => target);
  });

  it.each([403, 502])("names the proxy where the proxy answers with status %i", async (status) => {
    proxy.status = status;
    const { part, message } = await failure(textOf(network({ HTTPS_PROXY: proxy.url }), `https://${HOST}/`));
    expect(part).toBe("proxy");
    expect(message).toContain(`(status ${status})`);
  });

  it("suggests a proxy where no machine has the name, and none is set", async () => {
    const { part, hint } = await failure(textOf(network({}), "https://no-such-host.invalid/"));
    expect(part).toBe("name");
    expect(hint).toContain("set HTTPS_PROXY");
  });

  it("is the server's where the connection is refused", async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { part, message } = await failure(textOf(network({}), `http://127.0.0.1:${port}/`));
    expect({ part, message }).toEqual({ part: "connection", message: "the connection was refused" });
  });
});
