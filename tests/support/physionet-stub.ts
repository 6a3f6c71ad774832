/**
 * Stand-in for PhysioNet's server, on this machine only: it serves one database from files in memory, with its page and
 * the indexes of its folders, supports ranges like PhysioNet's server, and fails on request.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { sampleFiles } from "./sample-records.ts";

export interface StubRequest {
  file: string;
  /** The requested range; null: the whole file. */
  range: string | null;
  ifRange: string | null;
  /** Number of bytes of the file that were sent. */
  sent: number;
}

/** What happens to a request instead of an answer. */
export type StubFault =
  | { kind: "status"; status: number }
  | { kind: "redirect"; to: string }
  /** The connection ends or stalls after this number of bytes. */
  | { kind: "break" | "hang"; after: number }
  /** Sends another body, complete. */
  | { kind: "body"; body: Uint8Array | string }
  /** Sends blocks of `bytes`, with a pause in ms after each. */
  | { kind: "slow"; bytes: number; pause: number }
  /** Sends the whole file and ignores the range. */
  | { kind: "no-range" };

export interface PhysioNetStub {
  /** Value for `ECTOPY_PHYSIONET`. */
  url: string;
  port: number;
  /** Files by their path below the folder of the database. */
  files: Map<string, Uint8Array>;
  requests: StubRequest[];
  /** HTML of the database's page; null: the server has no page, as a mirror. */
  page: string | null;
  /**
   * Selects the fault of each request; undefined: none.
   * @param count of requests for the file, this one included, from 1
   */
  fault: (file: string, count: number) => StubFault | undefined;
  /** Writes the lists of files and hashes again, from the current files. */
  list: (records: readonly string[]) => void;
  /** Number of bytes of all files that were sent. */
  sent: () => number;
  close: () => Promise<void>;
}

export interface StubOptions {
  /** Name of the database; `mitdb` by default. */
  name?: string;
  version?: string;
  /** Certificate and key of a server over TLS. */
  tls?: { cert: string; key: string };
}

/** @param records sample patients, such as `s01` */
export async function startPhysioNet(
  records: readonly string[],
  { name = "mitdb", version = "1.0.0", tls }: StubOptions = {},
): Promise<PhysioNetStub> {
  const listener: RequestListener = (request, response) => void answer(stub, { name, version }, request, response);
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stub: PhysioNetStub = {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}/files/`,
    port,
    page: null,
    files: new Map(records.flatMap((record) => [...sampleFiles(record)])),
    requests: [],
    fault: () => undefined,
    list: (names) => {
      stub.files.delete("SHA256SUMS.txt");
      stub.files.set("RECORDS", Buffer.from(names.map((name) => `${name}\n`).join("")));
      const sums = [...stub.files].map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`);
      stub.files.set("SHA256SUMS.txt", Buffer.from(sums.join("")));
    },
    sent: () => stub.requests.reduce((sum, { sent }) => sum + sent, 0),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  stub.list(records);
  return stub;
}

/** Returns a file's bytes, or the index of a folder; undefined: neither. */
function indexOf(
  stub: PhysioNetStub,
  path: string,
  { name, version }: { name: string; version: string },
): Uint8Array | undefined {
  const file = stub.files.get(path);
  if (file !== undefined) return file;
  const isRoot = path === `/files/${name}/`;
  if (!isRoot && path !== "" && !path.endsWith("/")) return undefined;
  const entries = isRoot
    ? [
        ["../", ""],
        ["0.9.0/", ""],
        [`${version}/`, ""],
      ]
    : entriesOf(stub, path);
  if (entries.length === 0) return undefined;
  const lines = entries.map(
    ([entry, bytes]) => `<a href="${entry}">${entry}</a>   30-Jul-1992 23:00   ${bytes || "-"}\n`,
  );
  return Buffer.from(`<html><h1>Index of ${path}</h1><hr><pre>${lines.join("")}</pre></html>`);
}

function entriesOf({ files }: PhysioNetStub, folder: string): [string, string][] {
  const entries = new Map<string, string>();
  for (const [path, bytes] of files) {
    if (!path.startsWith(folder)) continue;
    const [first = "", ...rest] = path.slice(folder.length).split("/");
    if (rest.length > 0) entries.set(`${first}/`, "");
    else entries.set(first, String(bytes.length));
  }
  return [...entries];
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function answer(
  stub: PhysioNetStub,
  { name, version }: { name: string; version: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "";
  const root = `/files/${name}/${version}/`;
  const file = path.startsWith(root) ? decodeURIComponent(path.slice(root.length)) : path;
  const { range = null, "if-range": ifRange = null } = request.headers as Record<string, string | undefined>;
  const logged: StubRequest = { file, range, ifRange, sent: 0 };
  stub.requests.push(logged);
  const fault = stub.fault(file, stub.requests.filter((each) => each.file === file).length);
  if (fault?.kind === "status") return void response.writeHead(fault.status).end();
  if (fault?.kind === "redirect") return void response.writeHead(302, { location: fault.to }).end();
  if (stub.page !== null && file === `/content/${name}/`) {
    return void response.writeHead(302, { location: `/content/${name}/${version}/` }).end();
  }
  const page = file === `/content/${name}/${version}/` && stub.page !== null ? Buffer.from(stub.page) : undefined;
  const bytes = fault?.kind === "body" ? Buffer.from(fault.body) : (page ?? indexOf(stub, file, { name, version }));
  if (bytes === undefined) return void response.writeHead(404).end();
  const etag = `"${sha256Of(bytes).slice(0, 16)}"`;
  const requestedFrom = /^bytes=(\d+)-$/.exec(range ?? "")?.[1];
  const ranged = requestedFrom !== undefined && fault?.kind !== "no-range" && (ifRange === null || ifRange === etag);
  const from = ranged ? Number(requestedFrom) : 0;
  if (ranged && from >= bytes.length) {
    return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  }
  const rest = bytes.subarray(from);
  response.writeHead(ranged ? 206 : 200, {
    "content-length": rest.length,
    etag,
    ...(ranged ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  if (fault?.kind === "break" || fault?.kind === "hang") {
    const first = rest.subarray(0, fault.after);
    logged.sent += first.length;
    await new Promise((resolve) => response.write(first, resolve));
    // Flushed, so that the bytes are sent before the connection ends.
    if (fault.kind === "break") setTimeout(() => response.destroy(), 50);
    return;
  }
  const step = fault?.kind === "slow" ? fault.bytes : rest.length;
  for (let at = 0; at < rest.length && !response.destroyed; at += step) {
    const chunk = rest.subarray(at, at + step);
    logged.sent += chunk.length;
    response.write(chunk);
    if (fault?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.pause));
  }
  response.end();
}
