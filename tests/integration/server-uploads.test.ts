/** Uploads of recordings to the server: limits and refusals. From the sources, over real sockets. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { sampleFiles } from "../support/sample-records.ts";
import { connect } from "../support/socket-client.ts";
import { testServer, uploadLimits, type Answered } from "../support/test-server.ts";

const server = testServer();

describe("uploads", () => {
  const ours = (): Record<string, string> => ({ cookie: server.cookie, origin: server.origin });
  const begin = async (): Promise<string> => {
    const { body } = await server.ask("/uploads", ours(), "POST");
    return (JSON.parse(body) as { value: { upload: string } }).value.upload;
  };
  const put = (upload: string, path: string, body: string | Buffer): Promise<Answered> =>
    server.ask(`/uploads/${upload}/files/${path}`, ours(), "PUT", body);

  it("become a dataset, and leave no temporary file", async () => {
    const source = sampleFiles("s01");
    const upload = await begin();
    for (const [name, bytes] of source)
      expect((await put(upload, `mine/${name}`, Buffer.from(bytes))).status).toBe(200);
    const client = await connect(server.serving.url, server.cookie);
    const { body } = await server.ask(`/uploads/${upload}/import`, ours(), "POST", JSON.stringify({ name: "mine" }));
    const { value } = JSON.parse(body) as { value: { job: { id: number } } };
    const ended = await client.until("job.changed", ({ id, state }) => id === value.job.id && state !== "running");
    expect(ended.error).toBeNull();
    expect(await client.call("datasets.get", { dataset: ended.subject! })).toMatchObject({ dataset: { name: "mine" } });
    expect((await put(upload, "late.hea", "x")).status).toBe(400);
    expect(server.host.workspace.datasets.find(ended.subject!)).toMatchObject({ name: "mine", source: "mine" });
    client.socket.close();
  });

  it.each([
    "../out.hea",
    "..%2fout.hea",
    "a/%2e%2e/%2e%2e/out.hea",
    "%2fetc%2fpasswd",
    "a%5c..%5cb",
    "c:x",
    "a/b/c/d/e/f/g/h/i",
    "%00",
  ])("stay in their folder: %s", async (path) => {
    const upload = await begin();
    const { status } = await put(upload, path, "x");
    expect([400, 404]).toContain(status);
    await server.ask(`/uploads/${upload}`, ours(), "DELETE");
    expect(readdirSync(tmpdir())).not.toContain("out.hea");
  });

  it("report a file name that is too long", async () => {
    const upload = await begin();
    const { status, body } = await put(upload, `${"x".repeat(300)}.dat`, "x");
    expect(status).toBe(400);
    expect(body).toContain("unsafe-path");
    expect(body).toContain("304 bytes; the limit is 255");
    await server.ask(`/uploads/${upload}`, ours(), "DELETE");
  });

  it("stop at their limits", async () => {
    const upload = await begin();
    const large = await put(upload, "a.dat", Buffer.alloc(uploadLimits.file + 1));
    expect([large.status, large.body]).toEqual([400, expect.stringContaining("more than 5000000 bytes in one file")]);
    for (const name of ["b", "c"]) await put(upload, `${name}.dat`, Buffer.alloc(uploadLimits.file - 1));
    expect((await put(upload, "d.dat", Buffer.alloc(uploadLimits.file - 1))).body).toContain(
      "more than 12000000 bytes",
    );
    const other = await begin();
    expect((await server.ask("/uploads", ours(), "POST")).body).toContain("Too many uploads");
    for (let i = 0; i < uploadLimits.files; i++) await put(other, `${i}.hea`, "x");
    expect((await put(other, "more.hea", "x")).body).toContain("more than 50 files");
    for (const id of [upload, other]) await server.ask(`/uploads/${id}`, ours(), "DELETE");
  });

  it("are accepted from the server's own pages only, in valid requests only", async () => {
    expect((await server.ask("/uploads", { cookie: server.cookie }, "POST")).status).toBe(403);
    expect((await server.ask("/uploads", { origin: server.origin }, "POST")).status).toBe(401);
    expect(
      (await server.ask("/uploads", { cookie: server.cookie, origin: "http://evil.example" }, "POST")).status,
    ).toBe(403);
    const upload = await begin();
    for (const body of ["", "{", "[]", '{"name":""}', '{"name":"x","more":1}', `{"name":"${"x".repeat(20_000)}"}`]) {
      expect((await server.ask(`/uploads/${upload}/import`, ours(), "POST", body)).body).toContain("damaged-message");
    }
    await server.ask(`/uploads/${upload}`, ours(), "DELETE");
    expect((await server.ask("/uploads/nothing/import", ours(), "POST", "{}")).body).toContain("not-found");
  });
});
