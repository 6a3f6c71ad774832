import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { physioNetDatabases } from "../../../contract/domain/physionet.ts";
import type { Fetch } from "../../base/network/network.ts";
import { fetchFile } from "./fetch-file.ts";
import { PhysioNetServer } from "./physionet-server.ts";

const WHOLE = Buffer.from("r1 1 360 4\nr1.dat 16\n");
const FILE = { name: "r1.hea", sha256: createHash("sha256").update(WHOLE).digest("hex") };

let folder: string;
let fetch: Fetch;
/** `If-Range` of each question; null where it had none. */
let asked: (string | null)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-fetch-"));
  asked = [];
  // A server that resumes at any byte, and refuses the headers that a real request refuses.
  fetch = (_, init) => {
    const headers = new Headers(init.headers);
    asked.push(headers.get("if-range"));
    const from = Number(/^bytes=(\d+)-$/.exec(headers.get("range") ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}` };
    return Promise.resolve(
      from === 0 ? new Response(WHOLE) : new Response(WHOLE.subarray(from), { status: 206, headers: range }),
    );
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function download(): Promise<string> {
  const { signal } = new AbortController();
  const times = { silence: 10_000, again: 0 };
  const server = new PhysioNetServer(new URL("http://localhost/"), physioNetDatabases.mitdb, { signal, times, fetch });
  await fetchFile(server, folder, FILE, { signal, maxBytes: 1000, onBytes: () => {} });
  return readFileSync(join(folder, FILE.name), "utf8");
}

describe("fetchFile", () => {
  it.each(['"v1"\r\nx: y', "\0\0\0", "\n", " ", "x".repeat(100_000)])(
    "resumes a part whose version %j can be no header",
    async (tag) => {
      writeFileSync(join(folder, `${FILE.name}.part`), WHOLE.subarray(0, 5));
      writeFileSync(join(folder, `${FILE.name}.part.tag`), tag);
      expect(await download()).toBe(WHOLE.toString());
      expect(asked).toEqual([null]);
    },
  );

  it("asks by the version that it kept", async () => {
    writeFileSync(join(folder, `${FILE.name}.part`), WHOLE.subarray(0, 5));
    writeFileSync(join(folder, `${FILE.name}.part.tag`), '"v1"');
    expect(await download()).toBe(WHOLE.toString());
    expect(asked).toEqual(['"v1"']);
  });

  it("begins again where a part holds other bytes", async () => {
    writeFileSync(join(folder, `${FILE.name}.part`), "other");
    expect(await download()).toBe(WHOLE.toString());
  });
});
