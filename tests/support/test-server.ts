/** A server on a new workspace, for tests that call it over real sockets. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createHost, type Host } from "../../src/main/api/host.ts";
import { serve, type Serving } from "../../src/main/server/serve.ts";
import { SessionStore } from "../../src/main/server/sessions.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { enter } from "./socket-client.ts";

export const uploadLimits = { file: 5_000_000, total: 12_000_000, files: 50, uploads: 2 };

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface TestServer {
  /** Folder of the workspace, the settings, the sessions and the pages. */
  readonly folder: string;
  readonly pages: string;
  readonly host: Host;
  readonly serving: Serving;
  /** Cookie of a browser that was admitted. */
  readonly cookie: string;
  readonly origin: string;
  readonly sessions: () => SessionStore;
  /** Starts another server on the same workspace and sessions. */
  readonly start: () => Promise<Serving>;
  /** Closes the server, and starts it on the same port. */
  readonly restart: () => Promise<void>;
  /** Sends a request unchanged: `fetch` would normalize the path, and does not allow another host. */
  readonly ask: (
    path: string,
    headers?: Record<string, string>,
    method?: string,
    body?: string | Buffer,
  ) => Promise<Answered>;
}

/** Starts the server before the tests of a file, and closes it after them. */
export function testServer(): TestServer {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-server-"));
  const pages = join(folder, "pages");
  const sessions = (): SessionStore => new SessionStore(join(folder, "sessions.json"));
  let host: Host;
  let serving: Serving;
  let cookie: string;
  const start = (port = 0): Promise<Serving> =>
    serve({ host, address: "127.0.0.1", port, sessions: sessions(), pages, uploadLimits, log: () => {} });

  beforeAll(async () => {
    mkdirSync(join(pages, "assets"), { recursive: true });
    writeFileSync(join(pages, "index.html"), "<!doctype html><title>Ectopy</title>");
    writeFileSync(join(pages, "assets/app-abc.js"), "export {};");
    writeFileSync(join(folder, "secret.js"), "secret");
    host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
    serving = await start();
    cookie = await enter(serving.url);
  });
  afterAll(async () => {
    await serving.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    folder,
    pages,
    sessions,
    start: () => start(),
    restart: async () => {
      const { port } = serving;
      await serving.close();
      serving = await start(port);
    },
    get host() {
      return host;
    },
    get serving() {
      return serving;
    },
    get cookie() {
      return cookie;
    },
    get origin() {
      return `http://127.0.0.1:${serving.port}`;
    },
    ask: (path, headers = {}, method = "GET", body) =>
      new Promise((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port: serving.port, path, method, headers }, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        });
        sent.on("error", reject);
        sent.end(body);
      }),
  };
}
