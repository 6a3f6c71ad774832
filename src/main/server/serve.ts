/** The server shell: the app in a browser tab, on this machine or, with --host, from another. */
import { createAdaptorServer } from "@hono/node-server";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Host } from "../api/host.ts";
import { Access } from "./access.ts";
import { ExportedFiles } from "./exported-files.ts";
import { createRoutes } from "./routes.ts";
import type { SessionStore } from "./sessions.ts";
import { serveSockets } from "./socket.ts";
import { TOKEN_LIFETIME_MS } from "./tokens.ts";
import { defaultUploadLimits, Uploads, type UploadLimits } from "./uploads.ts";
import { logger } from "../base/logger.ts";

const serverLog = logger("server");

/** Default port where it is free, so that a page finds the server after a restart. */
export const DEFAULT_PORT = 4680;

export interface ServeOptions {
  host: Host;
  /** Address to listen on. */
  address: string;
  /** Undefined: {@link DEFAULT_PORT}, or any free port; 0: any free port. */
  port: number | undefined;
  sessions: SessionStore;
  /** Folder of the built renderer. */
  pages: string;
  uploadLimits?: UploadLimits;
  /** Lifetime of the first address, in ms; {@link TOKEN_LIFETIME_MS} by default. */
  firstTokenLifetime?: number;
  log: (trace: string) => void;
}

export interface Serving {
  /** First address for a browser; it works once. */
  url: string;
  /** Makes another address. @param gone called once it is used or expired */
  newAddress: (gone?: () => void) => string;
  port: number;
  close(): Promise<void>;
}

/** @throws EctopyError `not-found`: the interface is not built; `no-access`: the port is taken or not allowed */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { host, address, sessions, pages, log } = options;
  if (!existsSync(join(pages, "index.html"))) {
    throw new EctopyError("not-found", `The interface is not built: ${pages} is empty.`, "Run `npm run build` once.");
  }
  const access = new Access(address, host.workspace.folder, sessions);
  const uploads = new Uploads(options.uploadLimits ?? defaultUploadLimits);
  const exportedFiles = new ExportedFiles();
  const routes = createRoutes({ host, access, uploads, exportedFiles, pages, log });
  // Plain HTTP/1 of the adaptor's kinds of server.
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  const sockets = serveSockets(server, { host, access, log });
  const port = await listen(server, address, options.port);
  access.setPort(port);
  const name =
    address === "0.0.0.0" || address === "::" ? "localhost" : address.includes(":") ? `[${address}]` : address;
  const addressOf = (token: string): string => `http://${name}:${port}/enter?token=${token}`;
  return {
    url: addressOf(access.tokens.issue(options.firstTokenLifetime ?? TOKEN_LIFETIME_MS)),
    newAddress: (gone) => addressOf(access.tokens.issue(TOKEN_LIFETIME_MS, gone)),
    port,
    close: async () => {
      access.tokens.close();
      await sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await uploads.close();
      await exportedFiles.close();
    },
  };
}

async function listen(server: Server, address: string, port: number | undefined): Promise<number> {
  if (port !== undefined) return listenOn(server, address, port);
  try {
    return await listenOn(server, address, DEFAULT_PORT);
  } catch (error) {
    serverLog.info(`Port ${DEFAULT_PORT} is not free`, error);
    return listenOn(server, address, 0);
  }
}

function listenOn(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, address, port));
    server.once("error", fail);
    server.listen(port, address, () => {
      server.off("error", fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, address: string, port: number): EctopyError {
  const where = `${address}, port ${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new EctopyError("no-access", `Another program listens on ${where}.`, "Choose another with --port.");
    case "EACCES":
      return new EctopyError(
        "no-access",
        `The system does not allow to listen on ${where}.`,
        "Choose a port above 1024 with --port.",
      );
    default:
      return new EctopyError(
        "no-access",
        `Ectopy can't listen on ${where} (${error.code ?? error.message}).`,
        "Choose an address of this machine with --host.",
      );
  }
}
