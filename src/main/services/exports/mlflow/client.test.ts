import { describe, expect, it } from "vitest";
import { MlflowClient } from "./client.ts";

/** A client of a server that sends these pieces. */
function clientOf(pieces: Iterable<Uint8Array>): MlflowClient {
  const fetch = (): Promise<Response> => Promise.resolve(new Response(ReadableStream.from(pieces)));
  const times = { call: 60_000, file: 60_000, again: 0 };
  const address = { url: "http://localhost:5000", authorization: null };
  return new MlflowClient(address, new AbortController().signal, { times, fetch });
}

describe("MlflowClient", () => {
  it("reads an answer that comes in pieces, cut inside a character", async () => {
    const bytes = Buffer.from('{"name":"é"}');
    const client = clientOf([bytes.subarray(0, 10), bytes.subarray(10)]);
    expect(await client.get("experiments/get", {})).toEqual({ name: "é" });
  });

  it("refuses an answer that does not end, and stops reading it", async () => {
    const piece = new Uint8Array(1 << 20).fill(0x20);
    let sent = 0;
    const endless = (function* () {
      for (; sent < 10_000; sent++) yield piece;
    })();
    await expect(clientOf(endless).get("experiments/get", {})).rejects.toMatchObject({ code: "server-unsuitable" });
    // 100 MB, and what was under way.
    expect(sent).toBeLessThan(110);
  });
});
