import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../tests/support/finished-runs.ts";
import { startStub, type MlflowStub } from "../../../tests/support/mlflow-stub.ts";
import type { EventMessage } from "../../contract/api/events.ts";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { methods, type Arguments, type StartedJob } from "../../contract/api/methods.ts";
import type { Keychain } from "../services/exports/sign-ins.ts";
import { PreferenceStore } from "../store/preferences.ts";
import { createHost, type Host } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy exports-"));
let host: Host;
let stub: MlflowStub;
const events: EventMessage[] = [];

beforeAll(async () => {
  const preferences = new PreferenceStore(join(folder, "settings.json"));
  const keychain: Keychain = {
    isOpen: () => Promise.resolve(true),
    encrypt: (text) => Promise.resolve(Buffer.from(text).reverse()),
    decrypt: (bytes) => Promise.resolve(Buffer.from(bytes).reverse().toString()),
  };
  host = createHost(join(folder, "workspace"), preferences, () => {}, { keychain });
  host.events.listen((event) => events.push(event));
  addPreparation(host.workspace);
  await addFinishedRun(host.workspace);
  stub = await startStub();
});
afterAll(async () => {
  await host.close();
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a window asks, and waits for the job's end. */
async function run<Name extends "exports.model" | "exports.mlflow">(
  name: Name,
  args: Arguments<Name>,
): Promise<JobSnapshot> {
  const handler = host.handlers[name] as (args: unknown) => Promise<StartedJob>;
  const { id } = (await handler(methods[name].schema.parse(args))).job;
  for (;;) {
    const job = host.jobs.list().find((each) => each.id === id)!;
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const notices = (): string[] => events.flatMap(({ event, data }) => (event === "notice" ? [data.message] : []));

it("exports runs to MLflow as a job that announces their destination", async () => {
  const credentials = { user: "anna", password: "s3cret" };
  const job = await run("exports.mlflow", { runs: [1], place: stub.url, credentials });
  expect(job).toMatchObject({
    kind: "export",
    title: "Export of run 1 to MLflow",
    state: "done",
    subject: 1,
    error: null,
  });
  expect(stub.experiments.map(({ name }) => name)).toEqual(["Ectopy"]);
  expect(stub.runs[0].tags.get("ectopy.run_number")).toBe("1");
  expect(notices().at(-1)).toMatch(/^Run 1 is exported: http.*run1\. Open it in a browser\.$/);
  await run("exports.mlflow", { runs: [1], place: stub.url, credentials });
  expect(notices().at(-1)).toMatch(/^Run 1 is exported \(unchanged\): /);

  stub.fault = () => ({ status: 401 });
  const refused = await run("exports.mlflow", { runs: [1], place: stub.url.replace("//", "//anna:s3cret@") });
  expect(refused).toMatchObject({ state: "failed", error: { code: "server-refuses" } });
  // Not in what is shown, told or stored.
  expect(JSON.stringify([events, host.jobs.list()])).not.toMatch(/s3cret/);
});

it("uses the sign-in of the keychain on request", async () => {
  await host.handlers["exports.keepSignIn"]({ address: stub.url, credentials: { user: "anna", password: "kept" } });
  expect(await host.handlers["exports.signIns"]({})).toEqual({
    canKeep: true,
    kept: [{ address: stub.url, user: "anna" }],
  });
  stub.fault = () => undefined;
  stub.authorizations.clear();
  const job = await run("exports.mlflow", { runs: [1], place: `${stub.url}/`, kept: true });
  expect(job).toMatchObject({ state: "done" });
  expect([...stub.authorizations]).toEqual([`Basic ${Buffer.from("anna:kept").toString("base64")}`]);
  await host.handlers["exports.forgetSignIn"]({ address: stub.url });
  expect(await run("exports.mlflow", { runs: [1], place: stub.url, kept: true })).toMatchObject({
    state: "failed",
    error: { code: "not-found" },
  });
});

it("writes models as a job", async () => {
  const to = join(folder, "models");
  const job = await run("exports.model", { runs: [1], format: "onnx", folder: to });
  expect(job).toMatchObject({ kind: "export", title: "Export of run 1 as ONNX", state: "done" });
  expect(existsSync(join(to, "ectopy-run-1-onnx", "model.onnx"))).toBe(true);
  expect(await run("exports.model", { runs: [99], format: "onnx", folder: to })).toMatchObject({
    state: "failed",
    error: { code: "not-found" },
  });
});
