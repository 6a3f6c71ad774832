import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Network } from "../../src/main/base/network/network.ts";
import { download } from "./download.mjs";

const WHOLE = Buffer.from("a wheel of a few bytes, which comes in two pieces");
const PIECE = 20;

let folder: string;
let path: string;
let server: Server | undefined;
/** The range of each request; undefined where it had none. */
let ranges: (string | undefined)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-download-"));
  path = join(folder, "wheel.whl");
  ranges = [];
});
afterEach(async () => {
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server and downloads from it. */
async function downloadFrom(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response.setHeader("connection", "close"));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wheel.whl`;
  const sha256 = createHash("sha256").update(WHOLE).digest("hex");
  await download(new Network().fetch, { url, size: WHOLE.length, sha256 }, path, onBytes, 0);
}

function rest(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from === 0) return void response.writeHead(200).end(WHOLE);
  const range = `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}`;
  response.writeHead(206, { "content-range": range }).end(WHOLE.subarray(from));
}

it("resumes where the connection broke", async () => {
  const seen: number[] = [];
  let breakOff = (): void => {};
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (ranges.length > 1) return rest(request, response);
    response.writeHead(200, { "content-length": WHOLE.length });
    response.write(WHOLE.subarray(0, PIECE));
    breakOff = () => response.destroy();
  };
  await downloadFrom(answer, (bytes) => {
    seen.push(bytes);
    if (bytes === PIECE) breakOff();
  });
  expect(readFileSync(path)).toEqual(WHOLE);
  expect(ranges).toEqual([undefined, `bytes=${PIECE}-`]);
  expect(seen).toEqual([PIECE, WHOLE.length]);
});

it("resumes the part of an earlier process", async () => {
  writeFileSync(`${path}.part`, WHOLE.subarray(0, 7));
  await downloadFrom(rest);
  expect(readFileSync(path)).toEqual(WHOLE);
  expect(ranges).toEqual(["bytes=7-"]);
});

it("begins again where the server has no ranges", async () => {
  writeFileSync(`${path}.part`, WHOLE.subarray(0, 7));
  await downloadFrom((_, response) => void response.end(WHOLE));
  expect(readFileSync(path)).toEqual(WHOLE);
});

it("begins again where a part holds other bytes", async () => {
  writeFileSync(`${path}.part`, "other");
  await downloadFrom(rest);
  expect(readFileSync(path)).toEqual(WHOLE);
  expect(ranges).toEqual(["bytes=5-", undefined]);
});

it("keeps nothing whose hash differs twice", async () => {
  const wrong = Buffer.alloc(WHOLE.length, "x");
  await expect(downloadFrom((_, response) => void response.end(wrong))).rejects.toThrow(/twice differed from the hash/);
  expect(ranges).toHaveLength(2);
  expect(existsSync(path)).toBe(false);
  expect(existsSync(`${path}.part`)).toBe(false);
});

it("gives up on a server that refuses", async () => {
  const refused = downloadFrom((_, response) => void response.writeHead(403).end());
  await expect(refused).rejects.toThrow(/could not be downloaded: status 403/);
});

it("asks for nothing where the file is complete", async () => {
  writeFileSync(path, WHOLE);
  await downloadFrom(rest);
  expect(ranges).toEqual([]);
});

it("follows a mirror to its storage", async () => {
  await downloadFrom((request, response) => {
    if (request.url === "/storage") return rest(request, response);
    response.writeHead(302, { location: "/storage" }).end();
  });
  expect(readFileSync(path)).toEqual(WHOLE);
});
