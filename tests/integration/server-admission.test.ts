/** Which browsers the server admits, and which pages it serves. From the sources, over real sockets. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Access } from "../../src/main/server/access.ts";
import { serve } from "../../src/main/server/serve.ts";
import type { SessionStore } from "../../src/main/server/sessions.ts";
import { enter } from "../support/socket-client.ts";
import { testServer } from "../support/test-server.ts";

const server = testServer();

/** Whether the next server admits the browser. */
function isAdmitted(store: SessionStore, sessionCookie: string): boolean {
  const access = new Access("127.0.0.1", server.host.workspace.folder, store);
  access.setPort(server.serving.port);
  return access.hasSession({ cookie: sessionCookie });
}

function openSocket(headers: Record<string, string>, path = "/socket"): Promise<"open" | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.serving.port}${path}`, { headers });
    socket.on("open", () => {
      socket.close();
      resolve("open");
    });
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
}

describe("admission", () => {
  it("exchanges its tokens for a cookie that scripts and other sites can't use", async () => {
    const other = await server.start();
    const token = new URL(other.url).searchParams.get("token")!;
    expect((await server.ask(`/enter?token=${token}`)).status).toBe(401);
    await other.close();
    const url = server.serving.newAddress();
    const { status, headers, body } = await server.ask(url.slice(server.origin.length));
    expect(status).toBe(200);
    expect(headers["set-cookie"]?.[0]).toMatch(
      /^ectopy-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/,
    );
    expect(body).toContain('http-equiv="refresh" content="0; url=/"');
    expect(body).not.toContain(new URL(url).searchParams.get("token"));
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  it("admits one browser by an address, once; that browser may open it again", async () => {
    const path = server.serving.newAddress().slice(server.origin.length);
    const first = await server.ask(path);
    expect(first.status).toBe(200);
    const again = await server.ask(path);
    expect([again.status, again.headers["set-cookie"]]).toEqual([401, undefined]);
    const own = first.headers["set-cookie"]![0].split(";")[0];
    expect((await server.ask(path, { cookie: own })).status).toBe(200);
  });

  it("gives its pages an address for another browser, with the host name that they use", async () => {
    expect((await server.ask("/addresses", { cookie: server.cookie }, "POST")).status).toBe(403);
    expect((await server.ask("/addresses", { origin: server.origin }, "POST")).status).toBe(401);
    expect(
      (await server.ask("/addresses", { cookie: server.cookie, origin: "http://evil.example" }, "POST")).status,
    ).toBe(403);
    const tunnel = { host: "localhost:9000", origin: "http://localhost:9000" };
    const { body } = await server.ask("/addresses", { cookie: server.cookie, ...tunnel }, "POST");
    const { value } = JSON.parse(body) as { value: { url: string; minutes: number } };
    expect(value.url).toMatch(/^http:\/\/localhost:9000\/enter\?token=[\w-]{43}$/);
    expect(value.minutes).toBe(10);
    expect((await server.ask(new URL(value.url).pathname + new URL(value.url).search)).status).toBe(200);
  });

  it("refuses the cookie of another port or workspace, under any name", async () => {
    const other = await server.start();
    try {
      const foreign = (await enter(other.url)).split("=")[1];
      expect((await server.ask("/", { cookie: `ectopy-${server.serving.port}=${foreign}` })).status).toBe(401);
      const [, own] = server.cookie.split("=");
      const access = new Access("127.0.0.1", join(server.folder, "another workspace"), server.sessions());
      access.setPort(server.serving.port);
      expect(access.hasSession({ cookie: `ectopy-${server.serving.port}=${own}` })).toBe(false);
    } finally {
      await other.close();
    }
    // The sessions that the other server stored did not replace those of this one.
    expect(server.sessions()).toSatisfy((store: SessionStore) => isAdmitted(store, server.cookie));
  });

  it.each(["", "?token=", "?token=wrong", `?token=${"A".repeat(43)}`])("refuses the token %j", async (query) => {
    const { status, headers } = await server.ask(`/enter${query}`);
    expect(status).toBe(401);
    expect(headers["set-cookie"]).toBeUndefined();
  });

  it("serves nothing of the app without the cookie", async () => {
    for (const path of ["/", "/runs/1", "/assets/app-abc.js"]) {
      expect((await server.ask(path)).status).toBe(401);
      expect((await server.ask(path, { cookie: `ectopy-${server.serving.port}=forged` })).status).toBe(401);
      expect((await server.ask(path, { cookie: server.cookie })).status).toBe(200);
    }
  });

  it("accepts its host names only: no other host, no other origin", async () => {
    for (const name of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.1"]) {
      expect([name, (await server.ask("/", { cookie: server.cookie, host: name })).status]).toEqual([name, 403]);
    }
    for (const name of ["localhost", "localhost:9000", "127.0.0.1:1", "[::1]:4680", "LOCALHOST"]) {
      expect([name, (await server.ask("/", { cookie: server.cookie, host: name })).status]).toEqual([name, 200]);
    }
    expect((await server.ask("/", { cookie: server.cookie, origin: "http://evil.example" })).status).toBe(403);
    expect((await server.ask("/", { cookie: server.cookie, origin: "null" })).status).toBe(403);
    expect(
      (await server.ask("/", { cookie: server.cookie, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }))
        .status,
    ).toBe(403);
  });

  it("opens a socket to its own pages only", async () => {
    expect(await openSocket({ cookie: server.cookie, origin: server.origin })).toBe("open");
    expect(await openSocket({ origin: server.origin })).toBe(401);
    expect(await openSocket({ cookie: server.cookie })).toBe(403);
    expect(await openSocket({ cookie: server.cookie, origin: "http://evil.example" })).toBe(403);
    expect(await openSocket({ cookie: server.cookie, origin: server.origin, host: "evil.example" })).toBe(403);
    expect(await openSocket({ cookie: server.cookie, origin: server.origin }, "/other")).toBe(403);
  });

  it("recognizes a browser after a restart of the server", async () => {
    await server.restart();
    expect((await server.ask("/", { cookie: server.cookie })).status).toBe(200);
  });

  it("reports why it can't listen, and a missing build", async () => {
    const { host, pages, folder, serving } = server;
    const options = {
      host,
      address: "127.0.0.1",
      port: serving.port,
      sessions: server.sessions(),
      pages,
      log: () => {},
    };
    await expect(serve(options)).rejects.toMatchObject({ code: "no-access" });
    await expect(serve({ ...options, pages: folder })).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("pages", () => {
  it("have a policy that forbids framing", async () => {
    const { headers } = await server.ask("/", { cookie: server.cookie });
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect((await server.ask("/assets/app-abc.js", { cookie: server.cookie })).headers["content-type"]).toContain(
      "javascript",
    );
  });

  it.each([
    "/../secret.js",
    "/..%2fsecret.js",
    "/assets/..%2f..%2fsecret.js",
    "/%2e%2e/secret.js",
    "/..%5csecret.js",
    "/%00.js",
    "/%ff.js",
    "//secret.js",
    "/missing.js",
    "/settings.json",
  ])("stay in their folder: %s", async (path) => {
    const { status, body } = await server.ask(path, { cookie: server.cookie });
    expect(status).toBe(404);
    expect(body).not.toContain("secret");
  });

  it("answer read requests only", async () => {
    expect((await server.ask("/", { cookie: server.cookie, origin: server.origin }, "POST")).status).toBe(404);
    expect((await server.ask("/", { cookie: server.cookie, origin: server.origin }, "DELETE")).status).toBe(404);
  });
});
