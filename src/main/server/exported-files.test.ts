/** Exports that a browser saves: by their session alone, and without a trace. Over a real socket. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../tests/support/finished-runs.ts";
import { enter } from "../../../tests/support/socket-client.ts";
import { testServer, type Answered } from "../../../tests/support/test-server.ts";
import type { FileExportInput } from "../../contract/domain/exports.ts";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { ExportedFiles } from "./exported-files.ts";

const server = testServer();

describe("exports of a browser", () => {
  beforeAll(async () => {
    addPreparation(server.host.workspace);
    for (const seed of [1, 2]) await addFinishedRun(server.host.workspace, { seed });
  });

  const ours = (): Record<string, string> => ({ cookie: server.cookie, origin: server.origin });
  const temporary = (): string[] =>
    readdirSync(join(server.host.workspace.folder, "temporary")).filter((name) => name.startsWith("export-"));
  const post = (request: unknown, headers = ours()): Promise<Answered> =>
    server.ask("/exports", headers, "POST", JSON.stringify(request));
  /** Starts an export, and waits for the end of its job. */
  const exported = async (request: FileExportInput): Promise<{ address: string; job: JobSnapshot }> => {
    const { value } = JSON.parse((await post(request)).body) as { value: { export: string; job: JobSnapshot } };
    expect(value.export).toMatch(/^[\w-]{43}$/);
    for (;;) {
      const job = server.host.jobs.list().find(({ id }) => id === value.job.id)!;
      if (job.state !== "running") return { address: `/exports/${value.export}`, job };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it("are one file where there is one, and a ZIP file where there are several", async () => {
    const report = await exported({ kind: "report", runs: [1] });
    expect(report.job).toMatchObject({ kind: "export", title: "Report of run 1", state: "done", subject: 1 });
    const page = await server.ask(report.address, { cookie: server.cookie });
    expect(page.body).toContain("<!doctype html>");
    expect(page.headers).toMatchObject({
      "content-disposition": 'attachment; filename="ectopy-run-1-report.html"',
      "content-type": "application/octet-stream",
      "content-length": String(Buffer.byteLength(page.body)),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    const models = await exported({ kind: "model", runs: [1, 2], format: "keras" });
    const archive = await server.ask(models.address, { cookie: server.cookie });
    expect(archive.headers["content-disposition"]).toBe('attachment; filename="ectopy-2-models.zip"');
    expect(archive.body.startsWith("PK")).toBe(true);
    for (const name of ["ectopy-run-1-keras/model.h5", "ectopy-run-2-keras/predict.py"]) {
      expect(archive.body).toContain(name);
    }
    expect(archive.body).not.toContain(".ectopy-export");
  });

  it("belong to the session that started them", async () => {
    const { address } = await exported({ kind: "csv", runs: [1] });
    const other = await enter(server.serving.newAddress());
    expect((await server.ask(address, { cookie: other })).status).toBe(404);
    expect((await server.ask(address)).status).toBe(401);
    expect((await server.ask(address, { cookie: server.cookie, origin: "http://evil.example" })).status).toBe(403);
    expect((await server.ask(address, { cookie: server.cookie })).status).toBe(200);
  });

  it("are found by their identifier alone", async () => {
    const { address } = await exported({ kind: "csv", runs: [1] });
    for (const path of [
      "/exports/x",
      `${address}/../../secret.js`,
      `${address}/runs.csv`,
      "/exports/..%2f..%2fsecret.js",
    ]) {
      expect((await server.ask(path, { cookie: server.cookie })).body, path).not.toMatch(/^(secret|PK)/);
    }
  });

  it("are started by the server's own pages only, in valid requests only", async () => {
    const request = { kind: "csv", runs: [1] };
    expect((await post(request, { cookie: server.cookie })).status).toBe(403);
    expect((await post(request, { origin: server.origin })).status).toBe(401);
    for (const wrong of [{ ...request, folder: "/tmp" }, { ...request, kind: "mlflow" }, { kind: "csv" }, []]) {
      expect((await post(wrong)).body).toContain("damaged-message");
    }
  });

  it("leave nothing where they fail", async () => {
    const before = temporary();
    const { address, job } = await exported({ kind: "report", runs: [99] });
    expect(job).toMatchObject({ state: "failed", error: { code: "not-found" } });
    expect((await server.ask(address, { cookie: server.cookie })).status).toBe(404);
    await expect.poll(temporary).toEqual(before);
  });
});

it("deletes exports after their lifetime, and all of them when it is closed", async () => {
  const brief = new ExportedFiles(0);
  const { folder } = brief.begin("session");
  await expect.poll(() => existsSync(folder)).toBe(false);
  const lasting = new ExportedFiles();
  const all = [1, 2, 3].map(() => lasting.begin("session"));
  await lasting.close();
  expect(all.map((each) => existsSync(each.folder))).toEqual([false, false, false]);
});

it("refuses more exports at a time than its limit, and replaces the oldest completed one", async () => {
  const files = new ExportedFiles();
  const all = Array.from({ length: 8 }, () => files.begin("session"));
  expect(() => files.begin("session")).toThrow("Too many exports");
  files.complete(all[3].id, []);
  expect(files.begin("session").folder).not.toBe(all[3].folder);
  await expect.poll(() => existsSync(all[3].folder)).toBe(false);
  await files.close();
});
